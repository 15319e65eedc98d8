#ifndef CSEEDS_H
#define CSEEDS_H

// Ways in which an HDF5 file may be laid out; they may be combined.
enum {
  // Datasets in chunks that are shuffled and deflated, instead of in one piece.
  SEEDS_CHUNKED = 1,
  // Texts of variable length, which lie in a heap of their own.
  SEEDS_VARIABLE_TEXTS = 2,
  // Superblock and object headers of version 2, links in messages: what HDF5 1.8 writes if it is asked for its own.
  SEEDS_NEW_HEADERS = 4,
};

// Writes an HDF5 file as Keras 2 wrote whole models: the configuration in an attribute, and a dense layer "last" with a
// kernel of inputs x outputs and a bias. Returns 0 if that went well.
int seeds_write_legacy_model(const char *path, const char *configuration, int inputs, int outputs, unsigned layout);

// Writes an HDF5 file of datasets, all zero: a line of the table has a name and the sides, "layers/dense/vars/0 2 3".
// Returns 0 if that went well.
int seeds_write_weights(const char *path, const char *table, unsigned layout);

#endif

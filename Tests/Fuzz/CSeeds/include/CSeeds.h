#ifndef CSEEDS_H
#define CSEEDS_H

// Writes an HDF5 file as Keras 2 wrote whole models: the configuration in an attribute, and a dense layer "last" with a
// kernel of inputs x outputs and a bias. Returns 0 if that went well.
int seeds_write_legacy_model(const char *path, const char *configuration, int inputs, int outputs);

#endif

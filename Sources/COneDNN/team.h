#ifndef CONEDNN_TEAM_H
#define CONEDNN_TEAM_H

// The threads that run oneDNN's parallel regions and our own: a team for each thread that begins regions.
//
// A region's parts are taken one after the other by whoever is free. The thread that begins it takes parts as well, and
// at its end waits only for those that another has begun: a thread that the system lets wait, because other programs
// want the processors, holds up one part and not half of the work. OpenMP's own threads have a fixed share each, and a
// small region lasts as long as it takes the system to let the last of them look.

/// The most parts of a region, and threads of a team.
enum { TEAM_LIMIT = 64 };

/// The calling thread's number of threads, itself included; `standard` until it has been set.
int team_threads(int standard);
/// Sets it; returns how many there are, if the system starts no more.
int team_set_threads(int threads);
/// Into how many parts a region is divided so that `threads` share it evenly though some be slower: a power of two.
int team_parts(int threads);
/// Calls `body` once for each of `parts`, in each of which team_part() says which it is.
///
/// At most as many parts as threads run at the same time for certain, and may wait for each other.
/// Inside a region it is one part.
void team_run(void (*body)(void *), void *data, int parts);
/// The calling thread's part in the region, and how many there are; 0 of 1 outside.
int team_part(void);
int team_size(void);
/// Whether the calling thread is in a region that is divided.
int team_is_divided(void);
/// Waits until all parts of the region have come here.
void team_barrier(void);
#endif

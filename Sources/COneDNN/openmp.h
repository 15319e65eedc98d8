#ifndef CONEDNN_OPENMP_H
#define CONEDNN_OPENMP_H

/// Lets a loaded library's parallel regions run on the threads of team.h instead of libgomp's, by putting our functions
/// where it keeps the addresses of those that it imports.
///
/// Nothing is changed, and 0 returned, if it imports none or one that we do not have: it was built for another compiler
/// or runtime.
int openmp_replace(void *library);
/// Into how many parts the calling thread's regions are divided; 0 as long as it has not been set.
extern _Thread_local int openmp_parts;
#endif

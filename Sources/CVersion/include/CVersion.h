#pragma once

// The commit that was given to the build as FM_COMMIT (see Package.swift); empty if none was given.
const char *fm_build_commit(void);

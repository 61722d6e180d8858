/* ui/version.c - the only file that is built anew when the version changes. */
#include "ui/version.h"

const char pitstop_version[] = VERSION;

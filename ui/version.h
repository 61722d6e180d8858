/* ui/version.h - which pitstop this is: a tag, or what git says of the tree. */
#ifndef UI_VERSION_H
#define UI_VERSION_H

extern const char pitstop_version[];

#endif

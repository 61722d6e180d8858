/* proc/model_devices.h - inside of the model: rates of devices, and what of them
 * is taken as it is. */
#ifndef PROC_MODEL_DEVICES_H
#define PROC_MODEL_DEVICES_H

#include "proc/model.h"

/* A part of model_step(), with its window set. */
void model_devices_step(struct model *m, const struct snapshot *prev, const struct snapshot *cur);

#endif

#ifndef KARST_CMOSQUITTO_H
#define KARST_CMOSQUITTO_H

#include <mosquitto.h>

#endif

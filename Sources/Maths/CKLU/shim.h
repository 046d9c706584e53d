#ifndef KARST_CKLU_H
#define KARST_CKLU_H

#include <suitesparse/amd.h>
#include <suitesparse/camd.h>
#include <suitesparse/klu.h>

#endif

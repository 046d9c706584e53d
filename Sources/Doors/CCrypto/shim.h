#ifndef KARST_CCRYPTO_H
#define KARST_CCRYPTO_H

#include <openssl/sha.h>

#endif

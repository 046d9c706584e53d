#ifndef KARST_CLAPACK_H
#define KARST_CLAPACK_H

#include <stdint.h>

/* Swift imports no macro that names a type, and no C complex number: give LAPACKE plain types instead. */
typedef int32_t lapack_int;
#define lapack_int lapack_int
typedef struct { double real, imaginary; } complex_double;
typedef struct { float real, imaginary; } complex_float;
#define LAPACK_COMPLEX_CUSTOM
#define lapack_complex_double complex_double
#define lapack_complex_float complex_float

#include <cblas.h>
#include <lapacke.h>

#endif

/* Eight RSA-2048 signatures, or eight exponentiations modulo a 3072-bit prime, in the lanes of one processor core.
 *
 * The arithmetic is that of crypto_mb (Intel Cryptography Primitives, Apache-2.0), which is constant-time. This file lays numbers out
 * for it and wipes what was secret. crypto/multi_buffer.py calls it, checks every signature, and decides whether it is used at all.
 * Built by tools/build_multi_buffer.sh; docs/design/0007-eight-at-once.md.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))
#define LANES 8
#define RSA_BYTES 256
#define PRIME_LIMBS 16
#define MODULUS_LIMBS 32
#define GROUP_LIMBS 48
#define EXPONENT_LIMBS 4

/* From crypto_mb's headers, which the archive comes without. */
typedef struct rsa_method rsa_method;
extern int mbx_is_crypto_mb_applicable(uint64_t features);
extern const rsa_method *mbx_RSA2K_private_crt_Method(void);
extern const rsa_method *mbx_RSA2K_pub65537_Method(void);
extern int mbx_RSA_Method_BufSize(const rsa_method *method);
extern uint32_t mbx_rsa_private_crt_mb8(const uint8_t *const from[LANES], uint8_t *const to[LANES], const uint64_t *const p[LANES],
                                        const uint64_t *const q[LANES], const uint64_t *const dp[LANES], const uint64_t *const dq[LANES],
                                        const uint64_t *const iq[LANES], int bits, const rsa_method *method, uint8_t *scratch);
extern uint32_t mbx_rsa_public_mb8(const uint8_t *const from[LANES], uint8_t *const to[LANES], const uint64_t *const n[LANES], int bits,
                                   const rsa_method *method, uint8_t *scratch);
extern int mbx_exp_BufferSize(int bits);
extern uint32_t mbx_exp3072_mb8(uint64_t *const out[LANES], const uint64_t *const base[LANES], const uint64_t *const exponent[LANES],
                                int exponent_bits, const uint64_t *const modulus[LANES], int bits, uint8_t *scratch, int scratch_bytes);

/* crypto_mb's variants for OpenSSL's own numbers want these. Nothing here calls those variants. */
int BN_bn2lebinpad(const void *number, unsigned char *to, int length) { return -1; }
int BN_num_bits(const void *number) { return 0; }

/* A private key and its modulus; every number with its lowest byte first. */
typedef struct {
    uint64_t p[PRIME_LIMBS], q[PRIME_LIMBS], dp[PRIME_LIMBS], dq[PRIME_LIMBS], iq[PRIME_LIMBS], n[MODULUS_LIMBS];
} rsa_key;

EXPORT int poolhouse_is_applicable(void) { return mbx_is_crypto_mb_applicable(0); }

/* numbers: sizeof(rsa_key) bytes in the order of rsa_key. NULL: no memory. */
EXPORT rsa_key *poolhouse_key_new(const uint8_t *numbers)
{
    rsa_key *key = malloc(sizeof *key);
    if (key)
        memcpy(key, numbers, sizeof *key);
    return key;
}

EXPORT void poolhouse_key_free(rsa_key *key)
{
    if (!key)
        return;
    explicit_bzero(key, sizeof *key);
    free(key);
}

static uint8_t *scratch_new(int bytes) { return aligned_alloc(64, ((size_t)bytes + 63) / 64 * 64); }

static void scratch_free(uint8_t *scratch, int bytes)
{
    explicit_bzero(scratch, (size_t)bytes);
    free(scratch);
}

/* Sign `count` padded digests, each with the key of its lane. Lanes that are not used do the work of the first once more.
 * 0: done. The signatures are not checked yet. */
EXPORT int poolhouse_sign(int count, const uint8_t *padded, rsa_key *const *keys, uint8_t *signatures)
{
    const rsa_method *method = mbx_RSA2K_private_crt_Method();
    const int bytes = mbx_RSA_Method_BufSize(method);
    const uint8_t *from[LANES];
    const uint64_t *p[LANES], *q[LANES], *dp[LANES], *dq[LANES], *iq[LANES];
    uint8_t *to[LANES], unused[LANES][RSA_BYTES];
    uint8_t *scratch;
    uint32_t status;

    if (count < 1 || count > LANES || !(scratch = scratch_new(bytes)))
        return -1;
    for (int lane = 0; lane < LANES; lane++) {
        const int source = lane < count ? lane : 0;
        const rsa_key *key = keys[source];
        from[lane] = padded + source * RSA_BYTES;
        to[lane] = lane < count ? signatures + lane * RSA_BYTES : unused[lane];
        p[lane] = key->p, q[lane] = key->q, dp[lane] = key->dp, dq[lane] = key->dq, iq[lane] = key->iq;
    }
    status = mbx_rsa_private_crt_mb8(from, to, p, q, dp, dq, iq, 8 * RSA_BYTES, method, scratch);
    scratch_free(scratch, bytes);
    return status ? -1 : 0;
}

/* Which of the signatures are those of their digests under their keys: one bit each. */
EXPORT int poolhouse_check(int count, const uint8_t *padded, rsa_key *const *keys, const uint8_t *signatures)
{
    const rsa_method *method = mbx_RSA2K_pub65537_Method();
    const int bytes = mbx_RSA_Method_BufSize(method);
    const uint8_t *from[LANES];
    const uint64_t *n[LANES];
    uint8_t *to[LANES], opened[LANES][RSA_BYTES];
    uint8_t *scratch;
    uint32_t status;
    int right = 0;

    if (count < 1 || count > LANES || !(scratch = scratch_new(bytes)))
        return 0;
    for (int lane = 0; lane < LANES; lane++) {
        const int source = lane < count ? lane : 0;
        from[lane] = signatures + source * RSA_BYTES;
        to[lane] = opened[lane];
        n[lane] = keys[source]->n;
    }
    status = mbx_rsa_public_mb8(from, to, n, 8 * RSA_BYTES, method, scratch);
    scratch_free(scratch, bytes);
    for (int lane = 0; lane < count; lane++)
        if (!(status >> (4 * lane) & 15) && !memcmp(opened[lane], padded + lane * RSA_BYTES, RSA_BYTES))
            right |= 1 << lane;
    return right;
}

/* results[i] = bases[i] ** exponents[i] mod modulus, for exponents of 256 bits; lowest byte first. 0: done. */
EXPORT int poolhouse_power(int count, const uint8_t *bases, const uint8_t *exponents, const uint8_t *modulus, uint8_t *results)
{
    const int bits = 64 * GROUP_LIMBS, bytes = mbx_exp_BufferSize(bits);
    uint64_t base[LANES][GROUP_LIMBS], exponent[LANES][EXPONENT_LIMBS], result[LANES][GROUP_LIMBS], group[GROUP_LIMBS];
    const uint64_t *from[LANES], *by[LANES], *in[LANES];
    uint64_t *to[LANES];
    uint8_t *scratch;
    uint32_t status;

    if (count < 1 || count > LANES || !(scratch = scratch_new(bytes)))
        return -1;
    memcpy(group, modulus, sizeof group);
    for (int lane = 0; lane < LANES; lane++) {
        const int source = lane < count ? lane : 0;
        memcpy(base[lane], bases + source * sizeof base[0], sizeof base[0]);
        memcpy(exponent[lane], exponents + source * sizeof exponent[0], sizeof exponent[0]);
        from[lane] = base[lane], by[lane] = exponent[lane], in[lane] = group, to[lane] = result[lane];
    }
    status = mbx_exp3072_mb8(to, from, by, 64 * EXPONENT_LIMBS, in, bits, scratch, bytes);
    memcpy(results, result, (size_t)count * sizeof result[0]);
    explicit_bzero(base, sizeof base);
    explicit_bzero(exponent, sizeof exponent);
    explicit_bzero(result, sizeof result);
    scratch_free(scratch, bytes);
    return status ? -1 : 0;
}

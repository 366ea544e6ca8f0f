using System.Collections.Immutable;
using CleanRoom.Protocol;

namespace CleanRoom.Cryptography.Sharing;

/// <summary>Shamir's secret sharing over GF(2^8), byte by byte: any k of n shares restore the secret, and k - 1 of them are uniform whatever it is.</summary>
/// <remarks>
/// Shares carry no checksum: whoever combines false ones gets another secret, so shares are compared with commitments first.
/// Proof: of k - 1 values at points other than 0 each fits exactly one polynomial of degree k - 1 for each secret (A. Shamir, How to share a secret,
/// CACM 22(11), 1979). Spec: contracts/spec/0026 s.3; the same field and points as draft-mcgrew-tss-03 s.3.
/// </remarks>
public static class SecretSharing
{
    /// <summary>The most shares: the points of the field but 0, where the secret is.</summary>
    public const int MaxShares = 255;

    /// <summary>Splits a secret with coefficients from the system's generator.</summary>
    /// <param name="secret">At least 1 byte. The caller still disposes it.</param>
    /// <param name="k">How many shares restore it: 1 to <paramref name="n"/>.</param>
    /// <param name="n">How many are made: 1 to 255.</param>
    /// <returns>The shares with indexes 1 to <paramref name="n"/>, which the caller disposes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public static ImmutableArray<SecretShare> Split(SecretBytes secret, int k, int n)
    {
        CheckBounds(secret, k, n);
        using var coefficients = SecretBytes.Random(secret.Length * (k - 1));
        return Split(secret, coefficients, k, n);
    }

    /// <summary>Restores a secret.</summary>
    /// <param name="k">How many shares it takes: 1 to 255.</param>
    /// <param name="shares">Exactly <paramref name="k"/>, of different indexes from 1 to 255, all of one length. The caller still disposes them.</param>
    /// <returns>The secret, which the caller disposes, or what false shares make of it; or <see cref="RefusalCode.SealInvalid"/>.</returns>
    public static Result<SecretBytes> Combine(int k, IReadOnlyList<SecretShare> shares)
    {
        ArgumentNullException.ThrowIfNull(shares);
        if (k is < 1 or > MaxShares || shares.Count != k)
        {
            return new Refusal(RefusalCode.SealInvalid, $"exactly k shares, k from 1 to {MaxShares}", $"{shares.Count} for k = {k}");
        }

        if (shares.FirstOrDefault(share => share.Index is < 1 or > MaxShares) is { } outside)
        {
            return new Refusal(RefusalCode.SealInvalid, $"indexes from 1 to {MaxShares}", $"{outside.Index}");
        }

        if (shares.Select(share => share.Index).Distinct().Count() != k)
        {
            return new Refusal(RefusalCode.SealInvalid, $"{k} different indexes", "one twice");
        }

        if (shares[0].Value.Length == 0 || shares.Any(share => share.Value.Length != shares[0].Value.Length))
        {
            return new Refusal(RefusalCode.SealInvalid, "shares of one length, at least 1 byte", "others");
        }

        return Interpolate(shares);
    }

    /// <summary>Splits with given coefficients: those of x for every byte, then those of x squared, and so on.</summary>
    /// <param name="secret">The secret.</param>
    /// <param name="coefficients">(k - 1) times as long as the secret, uniform and never used again.</param>
    /// <param name="k">As in <see cref="Split(SecretBytes, int, int)"/>.</param>
    /// <param name="n">As in <see cref="Split(SecretBytes, int, int)"/>.</param>
    internal static ImmutableArray<SecretShare> Split(SecretBytes secret, SecretBytes coefficients, int k, int n)
    {
        CheckBounds(secret, k, n);
        ArgumentOutOfRangeException.ThrowIfNotEqual(coefficients.Length, secret.Length * (k - 1));
        return [.. Enumerable.Range(1, n).Select(index => new SecretShare(index, Evaluate(secret.Span, coefficients.Span, k, (byte)index)))];
    }

    private static void CheckBounds(SecretBytes secret, int k, int n)
    {
        ArgumentNullException.ThrowIfNull(secret);
        ArgumentOutOfRangeException.ThrowIfZero(secret.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(n, MaxShares);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, n);
    }

    /// <summary>Horner's rule at one point, for every byte.</summary>
    private static SecretBytes Evaluate(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> coefficients, int k, byte x)
    {
        var share = SecretBytes.Allocate(secret.Length, out var bytes);
        for (var degree = k - 1; degree >= 0; degree--)
        {
            var terms = degree == 0 ? secret : coefficients.Slice((degree - 1) * secret.Length, secret.Length);
            for (var i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)(Gf256.Multiply(bytes[i], x) ^ terms[i]);
            }
        }

        return share;
    }

    /// <summary>Lagrange's interpolation at 0: the sum of the values, each times the product of x_j / (x_j - x_i). In this field minus is plus.</summary>
    private static SecretBytes Interpolate(IReadOnlyList<SecretShare> shares)
    {
        var secret = SecretBytes.Allocate(shares[0].Value.Length, out var bytes);
        foreach (var share in shares)
        {
            byte weight = 1;
            foreach (var other in shares.Where(other => other.Index != share.Index))
            {
                weight = Gf256.Multiply(weight, Gf256.Multiply((byte)other.Index, Gf256.Invert((byte)(other.Index ^ share.Index))));
            }

            for (var i = 0; i < bytes.Length; i++)
            {
                bytes[i] ^= Gf256.Multiply(share.Value.Span[i], weight);
            }
        }

        return secret;
    }
}

using System.Security.Cryptography;
using CleanRoom.Protocol;

namespace CleanRoom.Cryptography.Streams;

/// <summary>Seals and opens bulk data: AES-256-GCM in the STREAM construction, AES-GCM-HKDF streaming layout.</summary>
/// <remarks>
/// Salt and nonce prefix are fresh for every call, so a data key may seal any number of streams.
/// Spec: contracts/spec/0010 s.4; Hoang, Reyhanitabar, Rogaway, Vizar, "Online Authenticated-Encryption and its
/// Nonce-Reuse Misuse-Resistance" (CRYPTO 2015), nOAE by STREAM.
/// </remarks>
public static class SealedStream
{
    /// <summary>Length of a data key in bytes.</summary>
    public const int DataKeyBytes = 32;

    /// <summary>Seals everything that <paramref name="input"/> still holds.</summary>
    /// <param name="backend">Does the encryption.</param>
    /// <param name="dataKey">32 bytes.</param>
    /// <param name="aad">What the stream is bound to; opening needs the same bytes.</param>
    /// <param name="input">Read to its end; not closed.</param>
    /// <param name="output">Receives the stream; not closed. What was written before a failure is worthless and harmless.</param>
    /// <param name="cancellationToken">Stops between segments.</param>
    /// <returns>The number of plaintext bytes.</returns>
    public static async ValueTask<long> SealAsync(
        ICryptoBackend backend,
        SecretBytes dataKey,
        ReadOnlyMemory<byte> aad,
        Stream input,
        Stream output,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        CheckArguments(backend, dataKey);
        var geometry = StreamGeometry.Standard;
        var header = SealedStreamHeader.Create(geometry);
        using var writer = new SealedStreamWriter(backend, header, dataKey, aad.Span);
        await output.WriteAsync(header.Bytes, cancellationToken);

        // Two plaintext buffers: a segment is sealed only when it is known whether another follows it.
        var current = GC.AllocateUninitializedArray<byte>(geometry.Capacity, pinned: true);
        var next = GC.AllocateUninitializedArray<byte>(geometry.Capacity, pinned: true);
        var ciphertext = new byte[geometry.SegmentBytes];
        try
        {
            var total = 0L;
            var length = await input.ReadAtLeastAsync(
                current.AsMemory(0, geometry.FirstCapacity), geometry.FirstCapacity, throwOnEndOfStream: false, cancellationToken);
            while (true)
            {
                var nextLength = await input.ReadAtLeastAsync(next, next.Length, throwOnEndOfStream: false, cancellationToken);
                var isLast = nextLength == 0;
                var sealedSegment = ciphertext.AsMemory(0, length + AesGcmFormat.TagBytes);
                await writer.SealNextAsync(current.AsMemory(0, length), isLast, sealedSegment, cancellationToken);
                await output.WriteAsync(sealedSegment, cancellationToken);
                total += length;
                if (isLast)
                {
                    return total;
                }

                (current, next, length) = (next, current, nextLength);
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(current);
            CryptographicOperations.ZeroMemory(next);
        }
    }

    /// <summary>Seals bytes in memory.</summary>
    /// <returns>The stream: <see cref="SealedStreamLayout.CiphertextLength"/> bytes.</returns>
    public static ValueTask<byte[]> SealAsync(
        ICryptoBackend backend,
        SecretBytes dataKey,
        ReadOnlyMemory<byte> aad,
        ReadOnlyMemory<byte> plaintext,
        CancellationToken cancellationToken)
    {
        CheckArguments(backend, dataKey);
        var header = SealedStreamHeader.Create(StreamGeometry.Standard);
        return SealAsync(StreamGeometry.Standard, backend, header, dataKey, aad, plaintext, cancellationToken);
    }

    /// <summary>Opens a stream in memory.</summary>
    /// <param name="backend">Does the decryption.</param>
    /// <param name="dataKey">32 bytes.</param>
    /// <param name="aad">What the stream must be bound to.</param>
    /// <param name="ciphertext">Trust: attacker-controlled.</param>
    /// <param name="cancellationToken">Stops between segments.</param>
    /// <returns>The whole plaintext, or <see cref="RefusalCode.SealInvalid"/>; never a part of it.</returns>
    public static ValueTask<Result<byte[]>> OpenAsync(
        ICryptoBackend backend,
        SecretBytes dataKey,
        ReadOnlyMemory<byte> aad,
        ReadOnlyMemory<byte> ciphertext,
        CancellationToken cancellationToken)
    {
        CheckArguments(backend, dataKey);
        return OpenAsync(StreamGeometry.Standard, backend, dataKey, aad, ciphertext, cancellationToken);
    }

    /// <summary>Opens a stream in memory into memory of the caller.</summary>
    /// <param name="backend">Does the decryption.</param>
    /// <param name="dataKey">32 bytes.</param>
    /// <param name="aad">What the stream must be bound to.</param>
    /// <param name="ciphertext">Trust: attacker-controlled.</param>
    /// <param name="plaintext">As long as the plaintext. All zero after a refusal.</param>
    /// <param name="cancellationToken">Stops between segments.</param>
    /// <returns>Null when the whole plaintext is there, else <see cref="RefusalCode.SealInvalid"/>.</returns>
    public static async ValueTask<Refusal?> OpenAsync(
        ICryptoBackend backend,
        SecretBytes dataKey,
        ReadOnlyMemory<byte> aad,
        ReadOnlyMemory<byte> ciphertext,
        Memory<byte> plaintext,
        CancellationToken cancellationToken)
    {
        CheckArguments(backend, dataKey);
        var opened = await SealedStreamReader.OpenAsync(backend, dataKey, aad, new MemorySealedSource(ciphertext), cancellationToken);
        if (!opened.TryGet(out var reader, out var refusals))
        {
            CryptographicOperations.ZeroMemory(plaintext.Span);
            return refusals[0];
        }

        using (reader)
        {
            if (reader.PlaintextLength != plaintext.Length)
            {
                CryptographicOperations.ZeroMemory(plaintext.Span);
                return new Refusal(RefusalCode.SealInvalid, $"{plaintext.Length} bytes of plaintext", $"{reader.PlaintextLength}");
            }

            return await reader.ReadAsync(0, plaintext, cancellationToken);
        }
    }

    internal static async ValueTask<byte[]> SealAsync(
        StreamGeometry geometry,
        ICryptoBackend backend,
        SealedStreamHeader header,
        SecretBytes dataKey,
        ReadOnlyMemory<byte> aad,
        ReadOnlyMemory<byte> plaintext,
        CancellationToken cancellationToken)
    {
        var output = new byte[geometry.CiphertextLength(plaintext.Length)];
        header.Bytes.CopyTo(output);
        using var writer = new SealedStreamWriter(backend, header, dataKey, aad.Span);
        var segments = geometry.SegmentCount(plaintext.Length);
        for (var index = 0L; index < segments; index++)
        {
            var place = geometry.Place(index, output.Length);
            await writer.SealNextAsync(
                plaintext.Slice((int)place.PlaintextOffset, place.PlaintextBytes),
                place.IsLast,
                output.AsMemory((int)place.CiphertextOffset, place.CiphertextBytes),
                cancellationToken);
        }

        return output;
    }

    internal static async ValueTask<Result<byte[]>> OpenAsync(
        StreamGeometry geometry,
        ICryptoBackend backend,
        SecretBytes dataKey,
        ReadOnlyMemory<byte> aad,
        ReadOnlyMemory<byte> ciphertext,
        CancellationToken cancellationToken)
    {
        var opened = await SealedStreamReader.OpenAsync(
            geometry, backend, dataKey, aad, new MemorySealedSource(ciphertext), cancellationToken);
        if (!opened.TryGet(out var reader, out var refusals))
        {
            return refusals;
        }

        using (reader)
        {
            var plaintext = new byte[reader.PlaintextLength];
            return await reader.ReadAsync(0, plaintext, cancellationToken) is { } refusal ? refusal : plaintext;
        }
    }

    private static void CheckArguments(ICryptoBackend backend, SecretBytes dataKey)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(dataKey);
        ArgumentOutOfRangeException.ThrowIfNotEqual(dataKey.Length, DataKeyBytes);
    }
}

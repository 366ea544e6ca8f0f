using CleanRoom.Protocol;

namespace CleanRoom.Engine.Loading;

/// <summary>A sealed file that is decrypted range by range.</summary>
public interface ISealedSource
{
    /// <summary>Gets the length of the plaintext in bytes, as the signed manifest gives it.</summary>
    long PlaintextLength { get; }

    /// <summary>Decrypts a range into memory. MUST NOT write a byte that was not authenticated.</summary>
    /// <param name="offset">First byte of the plaintext.</param>
    /// <param name="destination">Takes exactly its own length.</param>
    /// <param name="cancellationToken">Stops between segments.</param>
    /// <returns>Null, or why a segment was refused.</returns>
    ValueTask<Refusal?> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken);
}

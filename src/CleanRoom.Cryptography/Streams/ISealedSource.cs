namespace CleanRoom.Cryptography.Streams;

/// <summary>Sealed bytes that can be read from any place. Host-controlled: nothing it returns is trusted.</summary>
public interface ISealedSource
{
    /// <summary>Gets the length in bytes. MUST NOT change.</summary>
    long Length { get; }

    /// <summary>Fills the destination with the bytes from <paramref name="offset"/>.</summary>
    /// <exception cref="EndOfStreamException">There are fewer bytes.</exception>
    ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken);
}

namespace CleanRoom.Privacy.Noise;

/// <summary>A source of random bytes that a sampler draws from. The same seed gives the same bytes, so that a retry gives the same noise.</summary>
public abstract class RandomBytes
{
    /// <summary>Fills the span with the next bytes of the stream.</summary>
    /// <param name="destination">Any length.</param>
    public abstract void Fill(Span<byte> destination);
}

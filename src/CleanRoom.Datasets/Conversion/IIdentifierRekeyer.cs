namespace CleanRoom.Datasets.Conversion;

/// <summary>Says which identifiers a derived file holds as tokens, and makes them. Spec: contracts/spec/0007 s.11.</summary>
/// <remarks>MUST be safe for concurrent calls: an ingest asks from all its threads.</remarks>
public interface IIdentifierRekeyer
{
    /// <summary>Says whether the columns of a profile hold tokens.</summary>
    /// <param name="profile">The profile's name.</param>
    bool Rekeys(string profile);

    /// <summary>Writes the token of an identifier.</summary>
    /// <param name="profile">The profile's name.</param>
    /// <param name="identifier">The normal form as UTF-8, or the 32 bytes of a digest.</param>
    /// <param name="token">Gets 32 bytes.</param>
    void Rekey(string profile, ReadOnlySpan<byte> identifier, Span<byte> token);
}

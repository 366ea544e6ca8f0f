using System.Collections.Immutable;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Datasets.Conversion;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Grains.Datasets;

/// <summary>Stores the identifiers of a room as its own tokens, but those that its contract lets be listed.</summary>
/// <param name="contract">The contract in force.</param>
/// <param name="guestOnlyKey">Of the collaboration.</param>
internal sealed class RoomIdentifiers(Contract contract, SecretBytes guestOnlyKey) : IIdentifierRekeyer, IDisposable
{
    private readonly ImmutableSortedSet<string> _profiles = RekeyedProfiles.Of(contract);
    private readonly IdentifierTokens _tokens = IdentifierTokens.Of(guestOnlyKey);

    /// <inheritdoc/>
    public bool Rekeys(string profile) => _profiles.Contains(profile);

    /// <inheritdoc/>
    public void Rekey(string profile, ReadOnlySpan<byte> identifier, Span<byte> token) => _tokens.Write(profile, identifier, token);

    /// <inheritdoc/>
    public void Dispose() => _tokens.Dispose();
}

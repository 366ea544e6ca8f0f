using System.Collections.Immutable;
using CleanRoom.Cryptography.KeyEncapsulation;
using CleanRoom.Protocol;

namespace CleanRoom.Client.Datasets;

/// <summary>How far an upload has come: all that a client needs to go on after it was killed. Holds no key in the clear and no row.</summary>
/// <remarks>The data key is here only sealed to the owner's receive key. Whoever reads this learns sizes and digests.</remarks>
public sealed record UploadState
{
    /// <summary>Gets the collaboration's id.</summary>
    public required string Collaboration { get; init; }

    /// <summary>Gets the dataset's SQL name.</summary>
    public required string Dataset { get; init; }

    /// <summary>Gets the owner's collaborator id.</summary>
    public required string Owner { get; init; }

    /// <summary>Gets the upload: 32 lower-case hex digits, random.</summary>
    public required string Upload { get; init; }

    /// <summary>Gets the contract that the file was checked against.</summary>
    public required Digest ContractDigest { get; init; }

    /// <summary>Gets what the source was when the upload began.</summary>
    public required SourceFacts Source { get; init; }

    /// <summary>Gets the data key, sealed to the owner itself, bound to this upload.</summary>
    public required HpkeCiphertext Key { get; init; }

    /// <summary>Gets the parts that the node has acknowledged.</summary>
    public required ImmutableArray<AcknowledgedPart> Acknowledged { get; init; }

    /// <summary>Gets the encoded envelope of the manifest; null until it is signed.</summary>
    public required Bytes? Manifest { get; init; }

    /// <summary>Gets the data key, sealed to the owner itself, bound to the manifest; null until that is signed.</summary>
    public required HpkeCiphertext? SelfGrant { get; init; }

    /// <summary>Gets the encoded envelope of the grant; null until it is signed.</summary>
    public required Bytes? Grant { get; init; }

    /// <summary>Gets a value that says whether every part is acknowledged.</summary>
    public bool IsSent => Acknowledged.Length == Source.Parts.Length;

    /// <summary>Returns the acknowledged digest of a part; null while it is not acknowledged.</summary>
    public Digest? SealedDigest(int index) => Acknowledged.FirstOrDefault(part => part.Index == index)?.Digest;
}

/// <summary>A part that the node has taken.</summary>
/// <param name="Index">From 0.</param>
/// <param name="Digest">SHA-256 of the sealed bytes.</param>
public sealed record AcknowledgedPart(int Index, Digest Digest);

using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Dsse;

/// <summary>Says that a key signed an envelope. Only <see cref="EnvelopeVerifier"/> makes it.</summary>
public sealed record VerifiedSignature
{
    internal VerifiedSignature(Digest keyId, SignatureKind kind, Digest payloadDigest) =>
        (KeyId, Kind, PayloadDigest) = (keyId, kind, payloadDigest);

    /// <summary>Gets the name of the key that signed.</summary>
    public Digest KeyId { get; }

    /// <summary>Gets how it signed.</summary>
    public SignatureKind Kind { get; }

    /// <summary>Gets the id of the document that it signed.</summary>
    public Digest PayloadDigest { get; }
}

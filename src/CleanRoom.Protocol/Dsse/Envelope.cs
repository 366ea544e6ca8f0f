using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Dsse;

/// <summary>A payload with signatures over its exact bytes (DSSE v1).</summary>
/// <remarks>Holding one proves nothing: <see cref="EnvelopeVerifier"/> checks signatures. Spec: contracts/spec/0001 s.5.</remarks>
/// <param name="PayloadType">Media type of the payload: 1 to 128 visible ASCII characters.</param>
/// <param name="Payload">Stored bytes of a document, at most <see cref="DocumentCodec.MaxDocumentBytes"/>.</param>
/// <param name="Signatures">1 to 64 signatures by different keys.</param>
public sealed record Envelope(string PayloadType, Bytes Payload, ImmutableArray<EnvelopeSignature> Signatures)
{
    /// <summary>Gets SHA-256 over the encoded envelope. A signature can be made twice, so a statement's identity is <see cref="PayloadDigest"/>.</summary>
    public Digest Digest => Digest.Of(EnvelopeCodec.Encode(this));

    /// <summary>Gets SHA-256 over the payload: the document's id.</summary>
    public Digest PayloadDigest => Digest.Of(Payload.Span);

    /// <inheritdoc/>
    public bool Equals(Envelope? other) =>
        other is not null
        && string.Equals(PayloadType, other.PayloadType, StringComparison.Ordinal)
        && Payload == other.Payload
        && Signatures.SequenceEqual(other.Signatures);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(PayloadType, Payload, Signatures.Length);
}

/// <summary>One signature over an envelope's payload type and payload.</summary>
public sealed record EnvelopeSignature
{
    /// <summary>Gets how the signature was made; fixes the algorithm.</summary>
    public required SignatureKind Kind { get; init; }

    /// <summary>Gets <see cref="Dsse.KeyId.Of"/> of the signing key. A hint to find the key, never a proof.</summary>
    public required Digest KeyId { get; init; }

    /// <summary>Gets r || s: 64 bytes. An authenticator's DER form is converted by the client.</summary>
    public required Bytes Sig { get; init; }

    /// <summary>Gets the authenticator data as signed; null unless the kind is <c>webauthn</c>.</summary>
    public required Bytes? AuthenticatorData { get; init; }

    /// <summary>Gets the browser's client data as signed; null unless the kind is <c>webauthn</c>.</summary>
    public required Bytes? ClientDataJson { get; init; }
}

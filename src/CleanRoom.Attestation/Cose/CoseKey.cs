using CleanRoom.Attestation.Signatures;

namespace CleanRoom.Attestation.Cose;

/// <summary>Reads a COSE_Key with an elliptic-curve public key. Spec: RFC 9052 s.7, RFC 9053 s.7.1.1.</summary>
internal static class CoseKey
{
    private const int MaxBytes = 512;
    private const long KeyType = 1;
    private const long EllipticCurve = 2;
    private const long Curve = -1;
    private const long X = -2;
    private const long Y = -3;
    private const long PrivatePart = -4;

    /// <summary>Returns null for another kind, a compressed point, a private key, or a point that is not on the curve.</summary>
    public static VerificationKey? Read(ReadOnlySpan<byte> bytes)
    {
        var key = CborItem.Parse(bytes, MaxBytes);
        if (key?[KeyType] is not { Kind: CborKind.Integer, Number: EllipticCurve } || key[PrivatePart] is not null
            || key[X] is not { Kind: CborKind.ByteString } x || key[Y] is not { Kind: CborKind.ByteString } y)
        {
            return null;
        }

        var curve = key[Curve] switch
        {
            { Kind: CborKind.Integer, Number: 1 } => "P-256",
            { Kind: CborKind.Integer, Number: 2 } => "P-384",
            { Kind: CborKind.Integer, Number: 3 } => "P-521",
            _ => null,
        };
        return curve is null ? null : VerificationKey.FromPoint(curve, x.Content.Span, y.Content.Span);
    }
}

using CleanRoom.Attestation.Cose;
using CleanRoom.Attestation.Signatures;

namespace CleanRoom.Attestation.ArmCca;

/// <summary>Hash algorithms by the names that tokens use (IANA named information).</summary>
internal static class CcaHash
{
    /// <summary>Reads a name; None with a failure for another one.</summary>
    public static HashName Read(CborItem? item, string name, ClaimReader reader)
    {
        var hash = item is { Kind: CborKind.Text }
            ? item.Text switch { "sha-256" => HashName.Sha256, "sha-384" => HashName.Sha384, "sha-512" => HashName.Sha512, _ => HashName.None }
            : HashName.None;
        if (hash == HashName.None)
        {
            reader.Fail(name, "sha-256, sha-384 or sha-512", item);
        }

        return hash;
    }
}

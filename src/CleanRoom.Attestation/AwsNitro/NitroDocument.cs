using System.Collections.Immutable;
using CleanRoom.Attestation.Cose;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.AwsNitro;

/// <summary>The payload of an attestation document. Spec: AWS Nitro Enclaves, "Verifying the root of trust", attestation document specification.</summary>
internal sealed record NitroDocument
{
    private const int MaxCertificateBytes = 1_024;
    private const int MaxTextCharacters = 128;
    private const int MaxUserBytes = 512;
    private const int MaxPublicKeyBytes = 1_024;
    private const int MaxBundle = 8;
    private const int MaxPcrs = 32;
    private const int PcrBytes = 48;
    private const string Sha384 = "SHA384";

    /// <summary>No date after the year 9999 is a date of .NET: milliseconds of its last moment since 1970.</summary>
    private const long MaxMilliseconds = 253_402_300_799_999;

    private static readonly ImmutableHashSet<string> s_members =
        ["module_id", "digest", "timestamp", "pcrs", "certificate", "cabundle", "public_key", "user_data", "nonce"];

    /// <summary>Gets the enclave's name: the instance and a number.</summary>
    public required string ModuleId { get; init; }

    /// <summary>Gets the moment at which the document was made, on the hypervisor's clock.</summary>
    public required Timestamp MadeAt { get; init; }

    /// <summary>Gets the platform configuration registers, 48 bytes each; 0 to 2 are always there.</summary>
    public required ImmutableSortedDictionary<int, Bytes> Pcrs { get; init; }

    /// <summary>Gets the certificate of the key that signed, DER.</summary>
    public required Bytes Certificate { get; init; }

    /// <summary>Gets the certificates from the root to the issuer of the leaf, DER.</summary>
    public required ImmutableArray<Bytes> Bundle { get; init; }

    /// <summary>Gets the key that the enclave asked to be named; null for none.</summary>
    public required Bytes? PublicKey { get; init; }

    /// <summary>Gets the bytes that the enclave chose; null for none.</summary>
    public required Bytes? UserData { get; init; }

    /// <summary>Gets the nonce that the enclave passed on; null for none.</summary>
    public required Bytes? Nonce { get; init; }

    /// <summary>Reads the payload and tells the reader every member that is missing, unknown or of another form.</summary>
    public static NitroDocument Read(CborItem payload, ClaimReader reader)
    {
        foreach (var (key, _) in payload.Entries.Where(entry => entry.Key.Kind != CborKind.Text || !s_members.Contains(entry.Key.Text)))
        {
            reader.Fail("members", "those of the specification", key);
        }

        if (payload["digest"] is not { Kind: CborKind.Text, Text: Sha384 })
        {
            reader.Fail("digest", Sha384, payload["digest"]);
        }

        return new NitroDocument
        {
            ModuleId = reader.Text(payload["module_id"], "module_id", MaxTextCharacters),
            MadeAt = Timestamp.From(DateTimeOffset.FromUnixTimeMilliseconds(reader.Number(payload["timestamp"], "timestamp", 1, MaxMilliseconds))),
            Pcrs = ReadPcrs(payload["pcrs"], reader),
            Certificate = reader.Bytes(payload["certificate"], "certificate", 1, MaxCertificateBytes),
            Bundle = [.. reader.Array(payload["cabundle"], "cabundle", 1, MaxBundle).Select(one => reader.Bytes(one, "cabundle", 1, MaxCertificateBytes))],
            PublicKey = reader.OptionalBytes(Present(payload["public_key"]), "public_key", 1, MaxPublicKeyBytes),
            UserData = reader.OptionalBytes(Present(payload["user_data"]), "user_data", 0, MaxUserBytes),
            Nonce = reader.OptionalBytes(Present(payload["nonce"]), "nonce", 0, MaxUserBytes),
        };
    }

    private static ImmutableSortedDictionary<int, Bytes> ReadPcrs(CborItem? pcrs, ClaimReader reader)
    {
        var values = ImmutableSortedDictionary.CreateBuilder<int, Bytes>();
        foreach (var (key, value) in pcrs?.Entries ?? [])
        {
            if (key is { Kind: CborKind.Integer, Number: >= 0 and < MaxPcrs })
            {
                values[(int)key.Number] = reader.Bytes(value, "pcr", PcrBytes, PcrBytes);
            }
            else
            {
                reader.Fail("pcrs", $"registers 0 to {MaxPcrs - 1}", key);
            }
        }

        for (var i = 0; i < 3; i++)
        {
            if (!values.ContainsKey(i))
            {
                reader.Fail("pcrs", $"registers, of which {i} is one", pcrs);
            }
        }

        return values.ToImmutable();
    }

    /// <summary>What the enclave did not give stands as null.</summary>
    private static CborItem? Present(CborItem? item) => item is { Kind: CborKind.Null } ? null : item;
}

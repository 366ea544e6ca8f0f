using System.Collections.Immutable;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Cryptography.Keys;

/// <summary>The readable part of a key file, which is also what its seal is bound to. Spec: contracts/spec/0010 s.9.</summary>
internal sealed record KeyFileHeader
{
    internal required KeyFileHolder Holder { get; init; }

    internal required Bytes Sign { get; init; }

    /// <summary>Gets the HPKE public key; null in a root key file.</summary>
    internal required Bytes? Receive { get; init; }

    /// <summary>Gets the Ed25519 public key; null in a root key file.</summary>
    internal required Bytes? Witness { get; init; }

    internal required Bytes Salt { get; init; }

    internal byte[] AssociatedData() => Jcs.Write(new JsonObject(Members()));

    internal byte[] Encode(Bytes ciphertext) =>
        Jcs.Write(new JsonObject(Members().Add(new JsonMember("ciphertext", ciphertext))));

    private ImmutableArray<JsonMember> Members() =>
    [
        new("holder", Holder == KeyFileHolder.Root ? "root" : "member"),
        new("kdf", new JsonObject(
            new JsonMember("iterations", PassphraseKdf.Iterations),
            new JsonMember("memoryKiB", PassphraseKdf.MemoryKiB),
            new JsonMember("name", PassphraseKdf.Name),
            new JsonMember("parallelism", PassphraseKdf.Parallelism),
            new JsonMember("salt", Salt),
            new JsonMember("version", PassphraseKdf.Version))),
        new("receive", Receive is { } receive ? receive : JsonNull.Instance),
        new("sign", Sign),
        new("type", Labels.KeyFile),
        new("witness", Witness is { } witness ? witness : JsonNull.Instance),
    ];
}

using System.Text.Json;
using System.Text.Json.Serialization;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Cli.Commands.Attest;

/// <summary>An attestation policy in a file of its own, or the one of a contract.</summary>
/// <param name="Policy">The accepted tuples.</param>
/// <param name="AllowInsecure">Only a contract can allow it.</param>
internal sealed record PolicyFile(AttestationPolicy Policy, bool AllowInsecure)
{
    /// <summary>Writes a policy.</summary>
    public static byte[] Encode(AttestationPolicy policy) => JsonSerializer.SerializeToUtf8Bytes(policy, PolicyContext.Default.AttestationPolicy);

    /// <summary>Reads a contract, or {accepted, codeEndorsers} as a person writes it.</summary>
    public static Result<PolicyFile> Parse(ReadOnlySpan<byte> json)
    {
        if (DocumentCodec.FromPerson<Protocol.Documents.Contract>(json).TryGet(out var contract, out _))
        {
            return new PolicyFile(contract.Attestation, contract.AllowInsecure);
        }

        return DocumentCodec.PolicyFromPerson(json).TryGet(out var policy, out var refusals)
            ? new PolicyFile(policy, AllowInsecure: false)
            : new Refusal(RefusalCode.JsonInvalid, "a contract, or an attestation policy {accepted, codeEndorsers}", $"as a policy, {refusals[0]}");
    }
}

/// <summary>Writer of policies.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(AttestationPolicy))]
internal sealed partial class PolicyContext : JsonSerializerContext;

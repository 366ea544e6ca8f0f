using System.Text.Json;
using System.Text.Json.Serialization;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Cli.Commands.Attest;

/// <summary>An attestation policy in a file of its own, or the one of a contract.</summary>
/// <param name="Policy">The accepted tuples.</param>
/// <param name="AllowInsecure">Only a contract can allow it.</param>
internal sealed record PolicyFile(AttestationPolicy Policy, bool AllowInsecure)
{
    /// <summary>Writes a policy of its own, which may describe the simulated TEE and debug, and allows neither.</summary>
    /// <returns>The bytes, which <see cref="Parse"/> reads back; or the refusals of <see cref="ContractRules.CheckAttestation"/>: no contract could hold it.</returns>
    public static Result<byte[]> Encode(AttestationPolicy policy) =>
        ContractRules.CheckAttestation(policy, allowInsecure: true) is { IsEmpty: false } problems
            ? problems
            : JsonSerializer.SerializeToUtf8Bytes(policy, PolicyContext.Default.AttestationPolicy);

    /// <summary>Reads a contract, or {accepted, codeEndorsers} as a person writes it. Trust: collaborator-controlled.</summary>
    /// <returns>The policy; or <see cref="RefusalCode.JsonInvalid"/> for another text; or, of a contract or a policy, the refusals of <see cref="ContractRules.CheckAttestation"/>.</returns>
    /// <remarks>Of a contract the attestation alone is checked: the rest is for whoever signs it.</remarks>
    public static Result<PolicyFile> Parse(ReadOnlySpan<byte> json)
    {
        if (DocumentCodec.FromPerson<Protocol.Documents.Contract>(json).TryGet(out var contract, out _))
        {
            return ContractRules.CheckAttestation(contract.Attestation, contract.AllowInsecure) is { IsEmpty: false } problems
                ? problems
                : new PolicyFile(contract.Attestation, contract.AllowInsecure);
        }

        if (DocumentCodec.PolicyFromPerson(json).TryGet(out var policy, out var refusals))
        {
            return new PolicyFile(policy, AllowInsecure: false);
        }

        return refusals.All(refusal => refusal.Code == RefusalCode.ContractInvalid)
            ? refusals
            : new Refusal(RefusalCode.JsonInvalid, "a contract, or an attestation policy {accepted, codeEndorsers}", $"as a policy, {refusals[0]}");
    }
}

/// <summary>Writer of policies.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(AttestationPolicy))]
internal sealed partial class PolicyContext : JsonSerializerContext;

using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Attestation.Nodes;

/// <summary>Compares a binding, field by field, with what the asker knows, and with the form that its purpose demands.</summary>
/// <remarks>This is what refuses replayed and relayed evidence. Spec: contracts/spec/0006 s.3.</remarks>
public static class BindingCheck
{
    private const int NonceBytes = 32;
    private const int PointBytes = 65;
    private const int CheckpointKeyBytes = 32;
    private const int BootIdBytes = 16;
    private const byte UncompressedPoint = 4;

    /// <summary>Returns every field that is not as expected, each as <see cref="RefusalCode.BindingMismatch"/>.</summary>
    public static ImmutableArray<FailedCheck> Failures(Binding binding, ExpectedBinding expected)
    {
        ArgumentNullException.ThrowIfNull(binding);
        ArgumentNullException.ThrowIfNull(expected);
        var failures = ImmutableArray.CreateBuilder<FailedCheck>();
        Compare(failures, "nonce", expected.Nonce, binding.Nonce, Show);
        Compare(failures, "signingKey", expected.SigningKey, binding.SigningKey, Show);
        Compare(failures, "sealingKey", expected.SealingKey, binding.SealingKey, Show);
        Compare(failures, "purpose", expected.Purpose, binding.Purpose, Show);
        Compare(failures, "collaboration", expected.Collaboration, binding.Collaboration, Show);
        Compare(failures, "collaborationKey", expected.CollaborationKey, binding.CollaborationKey, Show);
        Compare(failures, "checkpointKey", expected.CheckpointKey, binding.CheckpointKey, Show);
        Compare(failures, "contractDigest", expected.ContractDigest, binding.ContractDigest, Show);
        CheckForm(failures, binding);
        return failures.ToImmutable();
    }

    private static void Compare<T>(
        ImmutableArray<FailedCheck>.Builder failures, string field, Expected<T> expected, T got, Func<T?, string> show)
    {
        if (!expected.Accepts(got, out var wanted))
        {
            Fail(failures, field, show(wanted), show(got));
        }
    }

    private static void CheckForm(ImmutableArray<FailedCheck>.Builder failures, Binding binding)
    {
        var hosts = binding.Purpose is not (BindingPurpose.Admission or BindingPurpose.Peer);
        RequireLength(failures, "nonce", binding.Nonce, NonceBytes);
        RequirePoint(failures, "signingKey", binding.SigningKey);
        RequirePoint(failures, "sealingKey", binding.SealingKey);
        RequireLength(failures, "bootId", binding.BootId, BootIdBytes);
        RequireLength(failures, "checkpointKey", binding.CheckpointKey, hosts ? CheckpointKeyBytes : 0);
        if (hosts)
        {
            RequirePoint(failures, "collaborationKey", binding.CollaborationKey);
        }
        else
        {
            RequireLength(failures, "collaborationKey", binding.CollaborationKey, 0);
        }

        if (hosts == (binding.Collaboration is ExpectedBinding.None or ""))
        {
            Fail(failures, "collaboration", hosts ? "an id, by the purpose" : "none, by the purpose", Show(binding.Collaboration));
        }

        if (hosts != binding.ContractDigest.HasValue)
        {
            Fail(failures, "contractDigest", hosts ? "a digest, by the purpose" : "none, by the purpose", Show(binding.ContractDigest));
        }
    }

    private static void RequireLength(ImmutableArray<FailedCheck>.Builder failures, string field, Bytes value, int length)
    {
        if (value.Length != length)
        {
            Fail(failures, field, $"{length} bytes", $"{value.Length} bytes");
        }
    }

    private static void RequirePoint(ImmutableArray<FailedCheck>.Builder failures, string field, Bytes value)
    {
        if (value.Length != PointBytes || value.Span[0] != UncompressedPoint)
        {
            Fail(failures, field, $"an uncompressed point of {PointBytes} bytes", $"{value.Length} bytes");
        }
    }

    private static void Fail(ImmutableArray<FailedCheck>.Builder failures, string field, string wanted, string got) =>
        failures.Add(new FailedCheck(RefusalCode.BindingMismatch, $"binding.{field}", wanted, got));

    /// <summary>All of these are public; a digest is shorter to compare by eye than a key.</summary>
    private static string Show(Bytes value) => value.Length == 0 ? "none" : $"{value.Length} bytes with sha-256 {Digest.Of(value.Span)}";

    private static string Show(Digest? value) => value?.ToString() ?? "none";

    private static string Show(BindingPurpose value) => value switch
    {
        BindingPurpose.Admission => "admission",
        BindingPurpose.Genesis => "genesis",
        BindingPurpose.Room => "room",
        BindingPurpose.Handover => "handover",
        BindingPurpose.Peer => "peer",
        BindingPurpose.Destruction => "destruction",
        BindingPurpose.Recovery => "recovery",
        _ => "another purpose",
    };

    /// <summary>The id comes from the other side: it is shown only when it is short and plain.</summary>
    private static string Show(string? value) =>
        value is { Length: > 0 and <= 128 } && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') ? value : "a name of another form";
}

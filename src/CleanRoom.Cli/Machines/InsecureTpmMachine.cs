#if CLEANROOM_INSECURE
using System.Collections.Immutable;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using CleanRoom.Attestation;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Tpm;
using CleanRoom.Attesters.Tpm;
using CleanRoom.Attesters.Tpm.Simulator;
using CleanRoom.Cryptography;
using CleanRoom.Node.Hosting;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Cli.Machines;

/// <summary>A machine whose TPM is a process beside the node. INSECURE: its operator holds the TPM's keys.</summary>
/// <remarks>Everything after the TPM is what a real one gets: quote, verification, appraisal, sealing to the PCRs.</remarks>
[SupportedOSPlatform("linux")]
internal sealed class InsecureTpmMachine : IAsyncDisposable
{
    /// <summary>What is printed wherever it is used.</summary>
    public const string InsecureWarning =
        "INSECURE: the TPM is SOFTWARE, a process on this machine. Its quotes prove nothing about the machine: whoever operates it holds the TPM's keys, "
        + "can say any PCR and open every seal. Never bring real data.";

    /// <summary>Where a unified kernel image is measured; here it is the build. Spec: UAPI Group, TPM PCR registry.</summary>
    private const int BuildPcr = 11;

    private readonly InsecureSwTpm _tpm;
    private readonly TpmAccess _access;

    private InsecureTpmMachine(InsecureSwTpm tpm, TpmAccess access, NodeTrust trust, Digest anchor) =>
        (_tpm, _access, Trust, Anchor) = (tpm, access, trust, anchor);

    /// <summary>Gets what the machine gives a node.</summary>
    public NodeTrust Trust { get; }

    /// <summary>Gets the SHA-256 of the attestation key's SubjectPublicKeyInfo: nobody else vouches for the key.</summary>
    public Digest Anchor { get; }

    /// <summary>Starts the TPM and measures a build, as the machine's firmware would before it starts it.</summary>
    /// <param name="state">A directory for the TPM's state.</param>
    /// <returns>The machine, or a refusal when the program swtpm is not there or gives no evidence.</returns>
    public static async Task<Result<InsecureTpmMachine>> StartAsync(
        DirectoryInfo state, ICryptoBackend backend, string build, Timestamp now, CancellationToken cancellationToken)
    {
        if (!InsecureSwTpm.IsInstalled())
        {
            return new Refusal(RefusalCode.EvidenceNotAccepted, "the program swtpm, which plays the tpm of the demo (apt-get install swtpm)", "none on the path");
        }

        var tpm = await InsecureSwTpm.StartAsync(state.FullName, cancellationToken);
        var access = new TpmAccess(tpm.Endpoint);

        // The log of the machine's firmware, if there is one, is about another TPM.
        var attester = new TpmAttester(access, new TpmAttesterOptions { EventLogPath = Path.Combine(state.FullName, "none") });
        var trust = new NodeTrust(
            attester, new TpmSecretSealer(access, PcrSelection.Default, backend), new TpmCounter(access), [new TpmVerifier()], build);
        await TpmMeasurement.ExtendAsync(access, BuildPcr, DigestOf(build), cancellationToken);
        if ((await ReadAnchorAsync(trust, now, cancellationToken)).TryGet(out var anchor, out var refusals))
        {
            return new InsecureTpmMachine(tpm, access, trust, anchor);
        }

        access.Dispose();
        await tpm.DisposeAsync();
        return refusals;
    }

    /// <summary>Returns the tuple with which a contract accepts a build on this TPM: computed from the build, not read from the TPM.</summary>
    public ReferenceTuple Accepted(string build)
    {
        var zero = new Digest(new byte[Digest.Length]);
        var measured = new Digest(SHA256.HashData([.. zero.ToArray(), .. DigestOf(build).ToArray()]));
        return TpmReferenceValues.Tuple(
            PcrSelection.Default.Indices.ToImmutableSortedDictionary(index => index, index => index == BuildPcr ? measured : zero), Anchor);
    }

    /// <summary>Measures more code than the build, as it is when something else is loaded.</summary>
    public ValueTask LoadMoreCodeAsync(string code, CancellationToken cancellationToken) =>
        TpmMeasurement.ExtendAsync(_access, BuildPcr, DigestOf(code), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _access.Dispose();
        await _tpm.DisposeAsync();
    }

    private static Digest DigestOf(string build) => Digest.Of(Encoding.UTF8.GetBytes(build));

    private static async Task<Result<Digest>> ReadAnchorAsync(NodeTrust trust, Timestamp now, CancellationToken cancellationToken)
    {
        var question = RandomNumberGenerator.GetBytes(AttestationBinding.ReportDataLength);
        var evidence = await trust.Attester.AttestAsync(question, cancellationToken);
        var result = EvidenceAppraiser.Authenticate(
            new PresentedEvidence(trust.Attester.Tee, evidence.Evidence, evidence.Endorsements), Expected.Exactly(new Bytes(question)), now, trust.Verifiers);
        return result is { Failures.IsEmpty: true, Claims.Anchor: { } anchor }
            ? anchor
            : result.Failures.Select(failure => failure.ToRefusal()).ToImmutableArray();
    }
}
#endif

using System.Collections.Immutable;
using System.Runtime.Versioning;
using CleanRoom.Attesters.Azure;
using CleanRoom.Attesters.Probing;
using CleanRoom.Attesters.Tpm;
using CleanRoom.Cli.Hosting;
using CleanRoom.Cryptography;
using CleanRoom.Node.Configuration;
using CleanRoom.Node.Hosting;
using CleanRoom.Protocol;

namespace CleanRoom.Cli.Machines;

/// <summary>The TEE that a node's configuration names, opened. Dispose it after the node.</summary>
internal sealed class MachineTee : IDisposable
{
    private readonly ImmutableArray<IDisposable> _held;

    private MachineTee(NodeTrust trust, ImmutableArray<PassedOver> passedOver, ImmutableArray<string> words, ImmutableArray<IDisposable> held) =>
        (Trust, PassedOver, Words, _held) = (trust, passedOver, words, held);

    /// <summary>Gets what the machine gives a node.</summary>
    public NodeTrust Trust { get; }

    /// <summary>Gets the TEEs that were looked for before, with the reason against each.</summary>
    public ImmutableArray<PassedOver> PassedOver { get; }

    /// <summary>Gets lines for the operator: the choice, and why.</summary>
    public ImmutableArray<string> Words { get; }

    /// <summary>Gets the name that stands for no name in this build: the simulated TEE where it is part of the build.</summary>
    private static string DefaultTee =>
#if CLEANROOM_INSECURE
        Attestation.TeeNames.Simulated;
#else
        ProbeOptions.Auto;
#endif

    /// <summary>Opens the configured TEE. One that was looked for and is not there is never replaced by the simulated one.</summary>
    public static async Task<Result<MachineTee>> OpenAsync(NodeOptions options, ICryptoBackend backend, CancellationToken cancellationToken)
    {
        var tee = options.Tee ?? DefaultTee;
        if (tee == Attestation.TeeNames.Simulated)
        {
            return NodeMachine.Open(options.DataDirectory, backend)
                .Then(trust => Result.Accept(new MachineTee(trust, [], [NodeMachine.InsecureWarning], [])));
        }

        return OperatingSystem.IsLinux()
            ? await ProbeAsync(tee, options.Tpm, backend, cancellationToken)
            : new Refusal(RefusalCode.EvidenceNotAccepted, $"linux, where this program knows the devices of {tee}", Environment.OSVersion.Platform.ToString());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var one in _held)
        {
            one.Dispose();
        }
    }

    [SupportedOSPlatform("linux")]
    private static async Task<Result<MachineTee>> ProbeAsync(string tee, TpmOptions tpm, ICryptoBackend backend, CancellationToken cancellationToken)
    {
        if (!ReadIssuers(tpm.Issuers).TryGet(out var issuers, out var refusals))
        {
            return refusals;
        }

        var endpoint = tpm.Endpoint is null ? null : TpmOptions.ParseEndpoint(tpm.Endpoint);
        var metadata = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = AzureVtpmAttester.MetadataAddress };
        var probe = new AttesterProbe(
            new ProbeOptions
            {
                Tee = tee,
                Tpm = endpoint is { } at ? new TpmEndpoint(at.Host, at.Port) : new TpmDevice(),
                Pcrs = tpm.Pcrs is null ? PcrSelection.Default : PcrSelection.Of(tpm.Pcrs),
                Issuers = issuers,
                AzureMetadata = metadata,
            },
            backend);
        if (!(await probe.ProbeAsync(cancellationToken)).TryGet(out var found, out refusals))
        {
            probe.Dispose();
            metadata.Dispose();
            return refusals;
        }

        var trust = new NodeTrust(found.Attester, found.Sealer, found.Counter, Verifiers.All, BuildName.Compute());
        ImmutableArray<string> words =
        [
            .. found.PassedOver.Select(one => $"not {one.Candidate}: {one.Reason}"),
            $"the TEE is {found.Attester.Tee}, secrets are sealed by {found.Sealer.Kind}",
        ];
        return new MachineTee(trust, found.PassedOver, words, [probe, metadata]);
    }

    private static Result<ImmutableArray<Bytes>> ReadIssuers(IReadOnlyList<string> paths)
    {
        var missing = paths.Where(path => !File.Exists(path)).ToImmutableArray();
        return missing.IsEmpty
            ? paths.Select(path => new Bytes(File.ReadAllBytes(path))).ToImmutableArray()
            : missing.Select(path => new Refusal(RefusalCode.DocumentInvalid, "tpm.issuers: a file", $"nothing at {path}")).ToImmutableArray();
    }
}

using System.Collections.Immutable;
using System.Runtime.Versioning;
using CleanRoom.Attestation;
using CleanRoom.Attestation.Guest;
using CleanRoom.Attesters.Azure;
using CleanRoom.Attesters.ConfidentialSpace;
using CleanRoom.Attesters.ConfigfsTsm;
using CleanRoom.Attesters.Devices;
using CleanRoom.Attesters.Nitro;
using CleanRoom.Attesters.Sealing;
using CleanRoom.Attesters.SevGuest;
using CleanRoom.Attesters.Tpm;
using CleanRoom.Attesters.Tpm.Commands;
using CleanRoom.Cryptography;
using CleanRoom.Protocol;

namespace CleanRoom.Attesters.Probing;

/// <summary>Finds the machine's TEE.</summary>
/// <remarks>
/// In this order, the most specific first: Confidential Space, configfs-tsm, sev-guest, Nitro, Azure, TPM. A TPM is in many of the
/// others too, and says least. The simulated TEE is never among them. Spec: contracts/spec/0006 s.11.
/// Dispose it after the TEE that it found was used for the last time, and not before: they share the way to the TPM.
/// </remarks>
[SupportedOSPlatform("linux")]
public sealed class AttesterProbe(ProbeOptions options, ICryptoBackend backend) : IDisposable
{
    private readonly TpmAccess _tpm = new(options.Tpm);

    /// <summary>Looks for the wanted TEE, or for any.</summary>
    /// <returns>
    /// The TEE with the reasons against those before it; or <see cref="RefusalCode.EvidenceNotAccepted"/> once for each that was looked
    /// for and is not there, or for a name that nobody knows.
    /// </returns>
    public async Task<Result<ProbedTee>> ProbeAsync(CancellationToken cancellationToken)
    {
        var wanted = options.Tee == ProbeOptions.Auto ? Candidates() : [.. Candidates().Where(candidate => candidate.Tees.Contains(options.Tee))];
        if (wanted.IsEmpty)
        {
            return new Refusal(
                RefusalCode.EvidenceNotAccepted, $"tee: {ProbeOptions.Auto} or one of {string.Join(", ", Candidates().SelectMany(one => one.Tees).Distinct())}", options.Tee);
        }

        var passedOver = ImmutableArray.CreateBuilder<PassedOver>();
        foreach (var candidate in wanted)
        {
            try
            {
                var (attester, sealer) = await candidate.OpenAsync(cancellationToken);
                if (options.Tee == ProbeOptions.Auto || attester.Tee == options.Tee)
                {
                    return new ProbedTee(attester, sealer, CounterOf(attester, sealer), passedOver.ToImmutable());
                }

                passedOver.Add(new(candidate.Name, $"{candidate.Name}: wanted {options.Tee}, got {attester.Tee}"));
            }
            catch (AttesterException exception)
            {
                passedOver.Add(new(candidate.Name, exception.Message));
            }
        }

        return passedOver.Select(one => new Refusal(RefusalCode.EvidenceNotAccepted, $"a machine with {one.Candidate}", one.Reason)).ToImmutableArray();
    }

    /// <inheritdoc/>
    public void Dispose() => _tpm.Dispose();

    private static void RequireFile(string path)
    {
        if (!File.Exists(path))
        {
            throw new AttesterException($"{path}: wanted a device or socket, got none");
        }
    }

    private ImmutableArray<Candidate> Candidates() =>
    [
        new("confidential-space", [TeeNames.ConfidentialSpace], _ => Opened(ConfidentialSpace)),
        new("configfs-tsm", [TeeNames.AmdSevSnp, TeeNames.IntelTdx, TeeNames.ArmCca], _ => Opened(Tsm)),
        new("sev-guest", [TeeNames.AmdSevSnp], _ => Opened(Snp)),
        new("nitro", [TeeNames.AwsNitro], _ => Opened(Nitro)),
        new("azure-vtpm", [TeeNames.AzureVtpm], AzureAsync),
        new("tpm", [TeeNames.Tpm], TpmAsync),
    ];

    private static Task<(IAttester Attester, ISecretSealer Sealer)> Opened(Func<(IAttester Attester, ISecretSealer Sealer)> open) => Task.FromResult(open());

    private (IAttester Attester, ISecretSealer Sealer) ConfidentialSpace()
    {
        RequireFile(options.LauncherSocket);
        return (new ConfidentialSpaceAttester(options.LauncherSocket), new MemorySealer(backend));
    }

    private (IAttester Attester, ISecretSealer Sealer) Tsm()
    {
        var attester = TsmAttester.Open(options.TsmPath);
        return (attester, attester.Tee == TeeNames.AmdSevSnp && File.Exists(options.SnpDevice) ? SnpSealer() : new MemorySealer(backend));
    }

    private (IAttester Attester, ISecretSealer Sealer) Snp()
    {
        RequireFile(options.SnpDevice);
        return (new SnpAttester(new LinuxDevice(options.SnpDevice), vmpl: 0), SnpSealer());
    }

    private (IAttester Attester, ISecretSealer Sealer) Nitro()
    {
        RequireFile(options.NsmDevice);
        return (new NitroAttester(new LinuxDevice(options.NsmDevice)), new MemorySealer(backend));
    }

    private async Task<(IAttester Attester, ISecretSealer Sealer)> AzureAsync(CancellationToken cancellationToken)
    {
        if (await _tpm.UseAsync(client => client.TryReadNvSizeAsync(HclReport.NvIndex), cancellationToken) is null)
        {
            throw new AttesterException($"{_tpm.Name}: wanted an hcl report at nv 0x{HclReport.NvIndex:x8}, got none");
        }

        return (new AzureVtpmAttester(_tpm, options.Pcrs, options.AzureMetadata), TpmSealer());
    }

    private async Task<(IAttester Attester, ISecretSealer Sealer)> TpmAsync(CancellationToken cancellationToken)
    {
        await _tpm.UseAsync(client => client.ReadPcrsAsync(options.Pcrs), cancellationToken);
        return (new TpmAttester(_tpm, new TpmAttesterOptions { Pcrs = options.Pcrs, Issuers = options.Issuers }), TpmSealer());
    }

    private IMachineCounter CounterOf(IAttester attester, ISecretSealer sealer) => sealer is TpmSecretSealer
        ? new TpmCounter(_tpm)
        : new NoMachineCounter($"the tee {attester.Tee}, which keeps none");

    private SnpSecretSealer SnpSealer() => new(new LinuxDevice(options.SnpDevice), backend);

    private TpmSecretSealer TpmSealer() => new(_tpm, options.Pcrs, backend);

    private sealed record Candidate(
        string Name, ImmutableArray<string> Tees, Func<CancellationToken, Task<(IAttester Attester, ISecretSealer Sealer)>> OpenAsync);
}

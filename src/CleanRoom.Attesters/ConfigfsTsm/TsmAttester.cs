using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using CleanRoom.Attestation;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Guest;
using CleanRoom.Attesters.Devices;
using CleanRoom.Attesters.SevGuest;
using CleanRoom.Protocol;

namespace CleanRoom.Attesters.ConfigfsTsm;

/// <summary>Attests through the kernel's one interface for all TEEs: SEV-SNP, TDX and Arm CCA.</summary>
/// <remarks>Each call has an entry of its own and removes it. Spec: Linux Documentation/ABI/testing/configfs-tsm-report.</remarks>
public sealed class TsmAttester : IAttester
{
    /// <summary>Where Linux has it.</summary>
    public const string DefaultPath = "/sys/kernel/config/tsm/report";

    private const int Attempts = 8;
    private const int MaxLineBytes = 4_096;

    private readonly ITsmReportFiles _files;
    private readonly int? _privilegeLevel;
    private readonly string _provider;

    private TsmAttester(ITsmReportFiles files, int? privilegeLevel, string provider, string tee) =>
        (_files, _privilegeLevel, _provider, Tee) = (files, privilegeLevel, provider, tee);

    /// <inheritdoc/>
    public string Tee { get; }

    /// <summary>Asks the kernel which TEE it has.</summary>
    /// <param name="path">The directory of reports. Default <see cref="DefaultPath"/>.</param>
    /// <param name="privilegeLevel">SNP: the VMPL that the report is for; null for the kernel's own choice.</param>
    /// <exception cref="AttesterException">There is no such interface, or it belongs to a TEE that this library does not know.</exception>
    public static TsmAttester Open(string path = DefaultPath, int? privilegeLevel = null) => Open(new TsmReportDirectory(path), privilegeLevel);

    /// <inheritdoc cref="Open(string, int?)"/>
    internal static TsmAttester Open(ITsmReportFiles files, int? privilegeLevel)
    {
        var provider = Provider(files);
        return TeeOf(provider) is { } tee
            ? new(files, privilegeLevel, provider, tee)
            : throw new AttesterException($"{files.Name}: wanted a provider of sev_guest, tdx_guest or arm_cca_guest, got {Plain(provider)}");
    }

    /// <inheritdoc/>
    public ValueTask<AttesterEvidence> AttestAsync(ReadOnlyMemory<byte> reportData, CancellationToken cancellationToken)
    {
        ReportData.Require(reportData);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryReport(reportData.Span) is { } evidence)
            {
                return ValueTask.FromResult(evidence);
            }
        }

        throw new AttesterException($"{_files.Name}: wanted a report that nobody else disturbs, got {Attempts} that were busy or changed");
    }

    private static string Provider(ITsmReportFiles files)
    {
        try
        {
            return WithEntry(files, entry => Text(files, entry, "provider"));
        }
        catch (IOException exception) when (IsForLater(exception))
        {
            throw new AttesterException($"{files.Name}: wanted the name of the provider, got a busy kernel", exception);
        }
    }

    private static string? TeeOf(string provider) => provider switch
    {
        "sev_guest" => TeeNames.AmdSevSnp,
        "tdx_guest" => TeeNames.IntelTdx,
        "arm_cca_guest" => TeeNames.ArmCca,
        _ => null,
    };

    private static T WithEntry<T>(ITsmReportFiles files, Func<string, T> use)
    {
        var entry = $"cleanroom-{Guid.NewGuid():n}";
        try
        {
            files.Make(entry);
            try
            {
                return use(entry);
            }
            finally
            {
                files.Remove(entry);
            }
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException and not AttesterException && !IsForLater(exception))
        {
            throw new AttesterException($"{files.Name}: wanted a report, got an error of the kernel: {exception.GetType().Name} {exception.HResult}", exception);
        }
    }

    private static string Text(ITsmReportFiles files, string entry, string attribute) => files.Read(entry, attribute, MaxLineBytes) is { } line
        ? Encoding.ASCII.GetString(line).Trim()
        : throw new AttesterException($"{files.Name}: wanted attribute {attribute}, got none");

    private static bool IsForLater(Exception exception) => exception is IOException and not AttesterException && LinuxErrors.IsForLater(exception.HResult);

    private static string Plain(string text) => text.Length is > 0 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? text : "another";

    /// <summary>Returns null when the device was busy, or when somebody else wrote to the entry meanwhile.</summary>
    private AttesterEvidence? TryReport(ReadOnlySpan<byte> reportData)
    {
        var inputs = reportData.ToArray();
        try
        {
            return WithEntry(_files, entry => Report(entry, inputs));
        }
        catch (IOException exception) when (IsForLater(exception))
        {
            return null;
        }
    }

    private AttesterEvidence? Report(string entry, byte[] reportData)
    {
        var before = Generation(entry);
        var writes = 1;
        if (_privilegeLevel is { } level)
        {
            _files.Write(entry, "privlevel", Encoding.ASCII.GetBytes(level.ToString(CultureInfo.InvariantCulture)));
            writes++;
        }

        _files.Write(entry, "inblob", reportData);
        var report = _files.Read(entry, "outblob", EvidenceAppraiser.MaxBytes);
        var auxiliary = _files.Read(entry, "auxblob", EvidenceAppraiser.MaxBytes);
        if (Text(_files, entry, "provider") != _provider)
        {
            throw new AttesterException($"{_files.Name}: wanted the provider {_provider} as at the start, got another");
        }

        // Own writes advance the counter; anything beyond is another writer, and the report may be about its data.
        if (Generation(entry) != before + writes)
        {
            return null;
        }

        if (report is not { Length: > 0 })
        {
            throw new AttesterException($"{_files.Name}: wanted a report, got nothing");
        }

        return new AttesterEvidence(new Bytes(report), Endorsements(auxiliary ?? []));
    }

    private ImmutableArray<Bytes> Endorsements(byte[] auxiliary) => Tee == TeeNames.AmdSevSnp ? SnpCertificateTable.Endorsements(auxiliary) : [];

    private long Generation(string entry) => long.TryParse(Text(_files, entry, "generation"), NumberStyles.None, CultureInfo.InvariantCulture, out var generation)
        ? generation
        : throw new AttesterException($"{_files.Name}: wanted a number in attribute generation, got another form");
}

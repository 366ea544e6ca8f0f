using System.Collections.Immutable;
using System.Globalization;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Formats;

namespace CleanRoom.Attestation.AmdSevSnp;

/// <summary>Says a report in the words of contracts. Names: contracts/spec/attestation/amd-sev-snp.md s.4.</summary>
internal static class SnpClaims
{
    private const string Vmpl = "vmpl";
    private const string Migratable = "migratable";
    private const string Provisional = "provisionalFirmware";
    private const string Provider = "cspId";

    /// <summary>Claims that have one safe value. A leased key is known to its provider's machines, not to one chip: a contract must name the provider.</summary>
    private static readonly ImmutableArray<GuardedClaim> s_guarded =
        [new(Vmpl, "0"), new(Migratable, "false"), new(Provisional, "false"), new(Provider, "none")];

    /// <summary>Returns the claims.</summary>
    public static EvidenceClaims Of(SnpReport report, SnpProduct? product, Certificate? vek) => new()
    {
        ReportData = Hex.Of(report.ReportData.Span),
        Values = Values(report, product, vek),
        Tcb = Tcb(report, product),
        ChipId = report.ChipId.Span.ContainsAnyExcept((byte)0) ? Hex.Of(report.ChipId.Span) : null,
        Debug = report.Policy.IsDebug,
        Anchor = null,
        Guarded = s_guarded,
    };

    private static ImmutableSortedDictionary<string, string> Values(SnpReport report, SnpProduct? product, Certificate? vek)
    {
        var values = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        values[EvidenceClaims.Measurement] = Hex.Of(report.Measurement.Span);
        values["hostData"] = Hex.Of(report.HostData.Span);
        values["familyId"] = Hex.Of(report.FamilyId.Span);
        values["imageId"] = Hex.Of(report.ImageId.Span);
        values["idKeyDigest"] = Hex.Of(report.IdKeyDigest.Span);
        values["reportId"] = Hex.Of(report.ReportId.Span);
        values["migrationAgentId"] = Hex.Of(report.MigrationAgentId.Span);
        values["reportVersion"] = Number(report.Version);
        values[Vmpl] = Number(report.Vmpl);
        values["signingKey"] = report.SigningKey == SnpSigningKey.Vlek ? "vlek" : "vcek";
        values["currentFirmware"] = report.CurrentFirmware;
        values["committedFirmware"] = report.CommittedFirmware;

        // What runs may still be rolled back to what is committed: then the old firmware's holes count too.
        values[Provisional] = Truth(report.CurrentTcb != report.CommittedTcb || report.CurrentFirmware != report.CommittedFirmware);
        AddPolicy(values, report.Policy);
        AddPlatform(values, report.PlatformInfo);
        AddWhatIsThere(values, report, product, vek);
        return values.ToImmutable();
    }

    private static void AddPolicy(ImmutableSortedDictionary<string, string>.Builder values, SnpPolicy policy)
    {
        values["policy"] = Bits(policy.Value);
        values["minimumAbi"] = policy.MinimumAbi;
        values["smtAllowed"] = Truth(policy.IsSmtAllowed);
        values[Migratable] = Truth(policy.IsMigratable);
        values["singleSocket"] = Truth(policy.IsSingleSocket);
        values["cxlAllowed"] = Truth(policy.IsCxlAllowed);
        values["aes256Wanted"] = Truth(policy.WantsAes256);
        values["raplDisabledWanted"] = Truth(policy.WantsRaplDisabled);
        values["ciphertextHidingWanted"] = Truth(policy.WantsCiphertextHiding);
        values["pageSwapDisabledWanted"] = Truth(policy.WantsPageSwapDisabled);
    }

    private static void AddPlatform(ImmutableSortedDictionary<string, string>.Builder values, ulong info)
    {
        values["platformInfo"] = Bits(info);
        values["smtEnabled"] = Bit(0);
        values["tsmeEnabled"] = Bit(1);
        values["eccEnabled"] = Bit(2);
        values["raplDisabled"] = Bit(3);
        values["ciphertextHidingEnabled"] = Bit(4);
        values["aliasCheckComplete"] = Bit(5);
        values["tioEnabled"] = Bit(7);

        string Bit(int bit) => Truth(((info >> bit) & 1) == 1);
    }

    /// <summary>A claim that a report does not make is absent, so that a contract that wants it refuses.</summary>
    private static void AddWhatIsThere(
        ImmutableSortedDictionary<string, string>.Builder values, SnpReport report, SnpProduct? product, Certificate? vek)
    {
        if (product is not null)
        {
            values["product"] = product.Name;
        }

        if (report.HasAuthorKey)
        {
            values["authorKeyDigest"] = Hex.Of(report.AuthorKeyDigest.Span);
        }

        if (report.Mitigations is var (launch, current))
        {
            values["launchMitigations"] = Bits(launch);
            values["currentMitigations"] = Bits(current);
        }

        if (report.SigningKey == SnpSigningKey.Vlek && vek is not null && VekExtensions.Provider(vek) is { } provider)
        {
            values[Provider] = provider;
        }
    }

    private static ImmutableSortedDictionary<string, int> Tcb(SnpReport report, SnpProduct? product)
    {
        var tcb = ImmutableSortedDictionary.CreateBuilder<string, int>(StringComparer.Ordinal);

        // A floor cannot be above what an int holds, so a larger number meets every floor all the same.
        tcb["guestSvn"] = (int)Math.Min(report.GuestSvn, int.MaxValue);
        foreach (var component in product?.Components ?? [])
        {
            tcb[$"reported.{component.Name}"] = report.ReportedTcb[component];
            tcb[$"committed.{component.Name}"] = report.CommittedTcb[component];
            tcb[$"current.{component.Name}"] = report.CurrentTcb[component];
            tcb[$"launch.{component.Name}"] = report.LaunchTcb[component];
        }

        return tcb.ToImmutable();
    }

    private static string Truth(bool value) => value ? "true" : "false";

    private static string Bits(ulong value) => value.ToString("x16", CultureInfo.InvariantCulture);

    private static string Number(uint value) => value.ToString(CultureInfo.InvariantCulture);
}

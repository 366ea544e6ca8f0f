using System.Collections.Immutable;
using CleanRoom.Attestation.Formats;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tpm.EventLog;

/// <summary>What a log says about how the machine started. Only for a log without failures of <see cref="EventLogCheck"/>.</summary>
internal static class EventLogClaims
{
    private const int SecureBootRegister = 7;
    private const int FirmwareRegister = 0;

    /// <summary>GCE NonHostInfo: one byte of technology behind the text. Source: google/go-tpm-tools, attestation of GCE firmware.</summary>
    private static readonly byte[] s_gceNonHostInfo = [.. "GCE NonHostInfo\0"u8];

    /// <summary>The variables that firmware measures into PCR 7 first, in this order, with their claims. Spec: TCG PC Client Platform Firmware Profile s.3.3.4.8.</summary>
    private static readonly (Guid Owner, string Name, string Claim)[] s_variables =
    [
        (UefiVariable.Global, "SecureBoot", "secureBoot"),
        (UefiVariable.Global, "PK", "secureBootPk"),
        (UefiVariable.Global, "KEK", "secureBootKek"),
        (UefiVariable.ImageSecurity, "db", "secureBootDb"),
        (UefiVariable.ImageSecurity, "dbx", "secureBootDbx"),
    ];

    /// <summary>Returns the claims of the PCRs that were quoted: <c>secureBoot</c>, <c>secureBootPk</c> and so on, <c>confidentialTechnology</c>.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(TcgEventLog log, ushort algorithm, PcrSet pcrs)
    {
        bool IsQuoted(int register) => pcrs.Values.ContainsKey((algorithm, register));
        return
        [
            .. IsQuoted(SecureBootRegister) ? SecureBoot(log, algorithm) : [],
            .. IsQuoted(FirmwareRegister) ? Technology(log) : [],
        ];
    }

    /// <summary>
    /// The order is what makes it the firmware's: nobody extends PCR 7 before it. A variable of the same name further behind may be
    /// anybody's, since types are not authenticated; so the first event that is not the expected one ends the claims.
    /// </summary>
    private static IEnumerable<KeyValuePair<string, string>> SecureBoot(TcgEventLog log, ushort algorithm)
    {
        var events = log.Events.Where(one => one.Register == SecureBootRegister && one.IsExtended);
        foreach (var (one, (owner, name, claim)) in events.Zip(s_variables))
        {
            if (one.Type != TcgEvent.EfiVariableDriverConfig || UefiVariable.Parse(one.Data.Span) is not { } variable
                || variable.Owner != owner || !string.Equals(variable.Name, name, StringComparison.Ordinal))
            {
                yield break;
            }

            yield return KeyValuePair.Create(claim, claim == "secureBoot" ? IsOn(variable) : Hex.Of(one.Digests[algorithm].Span));
        }
    }

    /// <summary>One byte that is 1; every other content is off.</summary>
    private static string IsOn(UefiVariable variable) => variable.Value.Span is [1] ? "true" : "false";

    private static ImmutableArray<KeyValuePair<string, string>> Technology(TcgEventLog log)
    {
        var stated = log.Events.Where(one => one.Register == FirmwareRegister && one.Type == TcgEvent.NonHostInfo
            && one.Data.Length == 2 * s_gceNonHostInfo.Length && one.Data.Span.StartsWith(s_gceNonHostInfo)).ToList();
        return stated is [var only] && Word(only.Data) is { } word ? [KeyValuePair.Create("confidentialTechnology", word)] : [];
    }

    private static string? Word(Bytes data) => data.Span[s_gceNonHostInfo.Length] switch
    {
        0 => "none",
        1 => "amd-sev",
        2 => "amd-sev-es",
        3 => "intel-tdx",
        4 => "amd-sev-snp",
        _ => null,
    };
}

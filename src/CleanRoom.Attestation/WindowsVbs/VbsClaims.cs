using System.Collections.Immutable;
using System.Globalization;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Formats;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.WindowsVbs;

/// <summary>The claims of a VBS enclave. Spec: contracts/spec/attestation/windows-vbs.md s.4.</summary>
internal static class VbsClaims
{
    /// <summary>Returns what the report says, and the keys of the envelope that it came in.</summary>
    public static EvidenceClaims Of(VbsReport report, SqlEnvelope? envelope)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [EvidenceClaims.Measurement] = Hex.Of(report.UniqueId.Span),
            ["authorId"] = Hex.Of(report.AuthorId.Span),
            ["familyId"] = Hex.Of(report.FamilyId.Span),
            ["imageId"] = Hex.Of(report.ImageId.Span),
            ["ownerId"] = Hex.Of(report.OwnerId.Span),
            ["flags"] = report.Flags.ToString("x8", CultureInfo.InvariantCulture),
            ["signingLevel"] = report.SigningLevel.ToString(CultureInfo.InvariantCulture),
            ["modules"] = Digest.Of(report.Modules.Span).ToString(),
        };
        if (envelope is not null)
        {
            values["sessionKey"] = Digest.Of(envelope.SessionKey.Span).ToString();
        }

        return new EvidenceClaims
        {
            ReportData = Hex.Of(report.EnclaveData.Span),
            Values = values.ToImmutableSortedDictionary(StringComparer.Ordinal),
            Tcb = new Dictionary<string, int>(StringComparer.Ordinal)
            {
                ["enclaveSvn"] = report.EnclaveSvn, ["secureKernelSvn"] = report.SecureKernelSvn, ["platformSvn"] = report.PlatformSvn,
            }.ToImmutableSortedDictionary(StringComparer.Ordinal),
            ChipId = null,

            // Equality, and not a comparison of versions: a flag that is not known is no better than the debugger's.
            Debug = report.Flags != 0,
            Anchor = null,
        };
    }
}

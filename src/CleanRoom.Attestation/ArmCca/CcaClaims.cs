using System.Collections.Immutable;
using System.Globalization;
using CleanRoom.Attestation.ArmPsa;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Formats;

namespace CleanRoom.Attestation.ArmCca;

/// <summary>Says a token in the words of contracts. Spec: contracts/spec/attestation/arm-cca.md.</summary>
internal static class CcaClaims
{
    private const string PlatformComponents = "platformComponents";

    /// <summary>Returns the claims, so far without anchor.</summary>
    public static EvidenceClaims Of(CcaPlatform platform, CcaRealm realm)
    {
        var values = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        platform.Components.AddTo(values);
        values[EvidenceClaims.Measurement] = Hex.Of(realm.InitialMeasurement.Span);
        for (var i = 0; i < realm.Extensible.Length; i++)
        {
            values["rem" + i.ToString(CultureInfo.InvariantCulture)] = Hex.Of(realm.Extensible[i].Span);
        }

        values["personalizationValue"] = Hex.Of(realm.PersonalizationValue.Span);
        values[PlatformComponents] = platform.Components.Digest;
        values["platformConfig"] = Hex.Of(platform.Config.Span);
        values["implementationId"] = Hex.Of(platform.ImplementationId.Span);
        values[ArmLifecycle.Claim] = platform.Lifecycle;
        return new EvidenceClaims
        {
            ReportData = Hex.Of(realm.Challenge.Span),
            Values = values.ToImmutable(),
            Tcb = ImmutableSortedDictionary<string, int>.Empty,
            ChipId = Hex.Of(platform.InstanceId.Span),
            Debug = ArmLifecycle.IsDebug(platform.Lifecycle),
            Anchor = null,
            Guarded =
            [
                new GuardedClaim(ArmLifecycle.Claim, ArmLifecycle.Secured, IsJudgedAlone: true),

                // No value is safe by itself: a contract that names the realm and not the monitor below it would trust any monitor.
                GuardedClaim.WithoutSafeValue(PlatformComponents),
            ],
        };
    }
}

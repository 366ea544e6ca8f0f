using System.Collections.Immutable;
using CleanRoom.Attestation;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Protocol;

namespace CleanRoom.Attesters.Endorsements;

/// <summary>Chooses what to ask the makers for, from what evidence says about itself. Wrong claims ask for the wrong endorsements, which then verify nothing.</summary>
/// <remarks>Spec: contracts/spec/attestation/endorsements.md s.6.</remarks>
public static class EndorsementPlan
{
    private const string None = "none";
    private const int TurinHwidCharacters = 16;

    /// <summary>Returns the questions, in the order in which they are asked.</summary>
    /// <param name="tee">The kind of evidence.</param>
    /// <param name="claims">What it says. Trust: attacker-controlled.</param>
    /// <returns>
    /// The questions; <see cref="RefusalCode.DocumentInvalid"/> for a kind that carries all it needs or that nobody is asked about, and
    /// <see cref="RefusalCode.EndorsementMissing"/> where the evidence does not say enough to ask.
    /// </returns>
    public static Result<ImmutableArray<EndorsementRequest>> For(string tee, EvidenceClaims claims)
    {
        ArgumentNullException.ThrowIfNull(claims);
        return tee switch
        {
            TeeNames.AmdSevSnp => Amd(claims),
            TeeNames.IntelSgx or TeeNames.OpenEnclave => Intel(IntelTee.Sgx, claims),
            TeeNames.IntelTdx => Intel(IntelTee.Tdx, claims),
            TeeNames.RaTls => Intel(claims.Values.GetValueOrDefault("quote") == TeeNames.IntelTdx ? IntelTee.Tdx : IntelTee.Sgx, claims),
            _ => new Refusal(
                RefusalCode.DocumentInvalid,
                $"evidence whose endorsements are fetched: {TeeNames.AmdSevSnp}, {TeeNames.IntelSgx}, {TeeNames.IntelTdx}, {TeeNames.OpenEnclave}, {TeeNames.RaTls}",
                tee),
        };
    }

    private static Result<ImmutableArray<EndorsementRequest>> Amd(EvidenceClaims claims)
    {
        if (!Enum.TryParse<AmdProduct>(claims.Values.GetValueOrDefault("product"), out var product) || product == AmdProduct.None || !Enum.IsDefined(product))
        {
            return Missing("a report that names its processor, which it does from version 3 on", $"version {claims.Values.GetValueOrDefault("reportVersion", None)}");
        }

        // A leased key is certified for a provider, which hands the certificate to its guests: it is not for sale.
        if (claims.Values.GetValueOrDefault("signingKey") == "vlek")
        {
            return ImmutableArray.Create(AmdKds.VlekChain(product), AmdKds.VlekRevocationList(product));
        }

        if (claims.ChipId is not { } chip)
        {
            return Missing("a report that names its chip", "one whose host hides it");
        }

        var hwid = Convert.FromHexString(product == AmdProduct.Turin ? chip[..TurinHwidCharacters] : chip);
        byte? fmc = product == AmdProduct.Turin ? Reported("fmc") : null;
        var tcb = new AmdTcb(Reported("bootloader"), Reported("tee"), Reported("snp"), Reported("microcode"), fmc);
        return AmdKds.Vcek(product, hwid, tcb)
            .Then<ImmutableArray<EndorsementRequest>>(key => ImmutableArray.Create(key, AmdKds.VcekChain(product), AmdKds.VcekRevocationList(product)));

        byte Reported(string component) => (byte)claims.Tcb.GetValueOrDefault($"reported.{component}");
    }

    /// <summary>The evidence's claims do not name the authority of its key, so the lists of both are asked for.</summary>
    private static Result<ImmutableArray<EndorsementRequest>> Intel(IntelTee tee, EvidenceClaims claims) => claims.Values.GetValueOrDefault("fmspc") is { } fmspc
        ? IntelPcs.Intel.TcbInfo(tee, Convert.FromHexString(fmspc)).Then<ImmutableArray<EndorsementRequest>>(info => ImmutableArray.Create(
            info,
            IntelPcs.Intel.QeIdentity(tee),
            IntelPcs.Intel.PckRevocationList(IntelPckIssuer.Platform),
            IntelPcs.Intel.PckRevocationList(IntelPckIssuer.Processor),
            IntelPcs.RootRevocationList))
        : Missing("a quote that carries the certificate of its platform's key", None);

    private static Refusal Missing(string wanted, string got) => new(RefusalCode.EndorsementMissing, wanted, got);
}

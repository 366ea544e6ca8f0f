using CleanRoom.Attestation.AndroidKeyMint;
using CleanRoom.Attestation.ArmCca;
using CleanRoom.Attestation.ArmPsa;
using CleanRoom.Attestation.Asylo;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.IntelSgx;
using CleanRoom.Attestation.IntelTdx;
using CleanRoom.Attestation.Tests.AmdSev;
using CleanRoom.Attestation.Tests.AmdSevSnp;
using CleanRoom.Attestation.Tests.AndroidKeyMint;
using CleanRoom.Attestation.Tests.ArmCca;
using CleanRoom.Attestation.Tests.ArmPsa;
using CleanRoom.Attestation.Tests.Asylo;
using CleanRoom.Attestation.Tests.AwsNitro;
using CleanRoom.Attestation.Tests.AzureAttestation;
using CleanRoom.Attestation.Tests.ConfidentialSpace;
using CleanRoom.Attestation.Tests.Intel;
using CleanRoom.Attestation.Tests.OpenEnclave;
using CleanRoom.Attestation.Tests.RaTls;
using CleanRoom.Attestation.Tests.Tpm;
using CleanRoom.Attestation.Tests.Tpm.EventLog;
using CleanRoom.Attestation.Tests.WindowsVbs;
using CleanRoom.Attestation.Tpm;
using CleanRoom.Attestation.WindowsVbs;
using CleanRoom.Protocol;
using CleanRoom.TestKit.Certificates;

namespace CleanRoom.Attestation.Tests.Support;

/// <summary>Honest evidence of every kind under the test PKI, for those who need some where the genuine vectors are absent.</summary>
internal static class MadeEvidence
{
    /// <summary>A moment at which all of it is current.</summary>
    public static readonly Timestamp At = Timestamp.From(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>Returns the evidence; a verifier accepts each.</summary>
    public static IEnumerable<VectorCase> All() =>
    [
        Of("amd-sev-snp", TestSnp.Verifier, TestSnp.Report(), [TestSnp.Vek(), TestSnp.Ask.Der, TestSnp.Ark.RevocationList([])]),
        Of("amd-sev-snp leased", TestSnp.Verifier, TestSnp.Report(report => report[TestSnp.FlagsAt] = 1 << 2), [TestSnp.Vlek(), TestSnp.Asvk.Der]),
        Of("amd-sev", TestSev.Verifier, TestSev.Platform(), [TestSev.Ask(), TestSev.Ark()]),
        Of("arm-psa", new ArmPsaVerifier(), new PsaMaker().Make(), [PsaMaker.Key.Spki]),
        Of("arm-psa first", new ArmPsaVerifier(), PsaMaker.First.Make(), [PsaMaker.Key.Spki]),
        Of("arm-cca", new ArmCcaVerifier(), new CcaMaker().Make(), [CcaMaker.PlatformKey.Spki]),
        Of("aws-nitro", NitroMaker.Verifier, new NitroMaker().Make(), [], NitroMaker.At),
        Of("tpm", new TpmVerifier(), new MadeTpmEvidence().ToBytes().ToArray(), []),
        Of("tpm with a log", new TpmVerifier(), TpmWithLog().ToBytes().ToArray(), []),
        Intel("intel-sgx", new IntelSgxVerifier(MadePlatform.Anchors), new MadeQuote(), new MadePlatform()),
        Intel("intel-tdx", new IntelTdxVerifier(MadePlatform.Anchors), MadeTd(version: 4, isTd15: false), MadeTdPlatform),
        Intel("intel-tdx 1.5", new IntelTdxVerifier(MadePlatform.Anchors), MadeTd(version: 5, isTd15: true), MadeTdPlatform),
        OpenEnclaveVerifierTests.Made(),
        RaTlsVerifierTests.Made(),
        ConfidentialSpaceVerifierTests.Made(),
        .. AzureAttestationVerifierTests.Made(),
        Of("android-keymint", new AndroidKeyMintVerifier([Anchor(KeyMintMaker.TrustedRoot)]), new KeyMintMaker().Make().ToArray(), []),
        Of("asylo", new AsyloVerifier(MadePlatform.Anchors), new AsyloMaker().Make().ToArray(), new MadePlatform().Endorsements().Select(one => one.ToArray())),
        Of("windows-vbs", new WindowsVbsVerifier([Anchor(VbsMaker.TrustedService)]), new VbsMaker().Package(), [new VbsMaker().Health()]),
        Of("windows-vbs envelope", new WindowsVbsVerifier([Anchor(VbsMaker.TrustedService)]), new VbsMaker { Data = null }.Envelope(), []),
    ];

    /// <summary>Makes a case that is to be accepted.</summary>
    public static VectorCase Of(string name, IEvidenceVerifier verifier, byte[] evidence, IEnumerable<byte[]> endorsements, Timestamp? at = null) => new()
    {
        Family = verifier.Tee,
        Name = $"made {name}",
        IsGenuine = false,
        Verifier = verifier,
        Evidence = new Bytes(evidence),
        Endorsements = [.. endorsements.Select(one => new Bytes(one))],
        At = at ?? At,
        Expected = "accept",
    };

    private static TrustAnchor Anchor(TestAuthority authority) => TrustAnchor.Trusted("made-up", authority.Der);

    private static MadePlatform MadeTdPlatform => new() { TcbInfo = MadeCollateral.TdxTcbInfo, Identity = MadeCollateral.Identity("TD_QE") };

    private static MadeQuote MadeTd(ushort version, bool isTd15) => new()
    {
        Platform = MadeTdPlatform, Version = version, Tee = 0x81, BodyType = (ushort)(isTd15 ? 3 : 2), Body = MadeQuote.TdReport(isTd15),
    };

    private static MadeTpmEvidence TpmWithLog()
    {
        var log = new MadeEventLog().Add(7, 0x80000001, MadeEventLog.SecureBootOn).Add(0, 0x0D, "firmware"u8.ToArray());
        var evidence = new MadeTpmEvidence { EventLog = log.ToBytes() };
        return evidence with
        {
            Pcrs = evidence.Pcrs.SetItem(7, MadeEventLog.Extended(MadeEventLog.SecureBootOn)).SetItem(0, MadeEventLog.Extended("firmware"u8.ToArray())),
        };
    }

    private static VectorCase Intel(string name, IEvidenceVerifier verifier, MadeQuote quote, MadePlatform platform) =>
        Of(name, verifier, quote.ToBytes(), platform.Endorsements().Select(one => one.ToArray()));
}

using System.Collections.Immutable;
using System.Globalization;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Formats;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Intel;

/// <summary>Verifies Intel's collateral and judges the platform by it.</summary>
internal sealed class CollateralCheck(DcapMaterial material, ImmutableArray<TrustAnchor> anchors, Timestamp at)
{
    private const string SignerName = "Intel SGX TCB Signing";
    private const string TcbInfoName = "tcb-info";
    private const string IdentityName = "qe-identity";

    private readonly List<FailedCheck> _failures = [];

    /// <summary>Gets the checks that failed.</summary>
    public IReadOnlyList<FailedCheck> Failures => _failures;

    /// <summary>Gets the moment at which the first of the collateral, its signer's certificates and their lists lapses. It counts only where nothing failed.</summary>
    public Timestamp? ValidUntil { get; private set; }

    /// <summary>Returns the judgement; null when something that it needs is missing. It counts only where nothing failed.</summary>
    /// <param name="quotingEnclave">The report of the enclave that made the quote.</param>
    /// <param name="module">The TDX module; null for SGX.</param>
    public PlatformJudgement? Judge(SgxReport quotingEnclave, TdxModuleVersion? module)
    {
        var info = FindTcbInfo(module is not null);
        var identity = FindIdentity(module is not null);
        CheckSigner(info, identity);
        if (identity is not null)
        {
            _failures.AddRange(identity.Failures(quotingEnclave));
        }

        return info is null || identity is null || PlatformOf(info) is not { } pck ? null : Judge(info, identity, pck, quotingEnclave, module);
    }

    /// <summary>Returns the judgement of the platform alone, for a report that no quoting enclave made. It counts only where nothing failed.</summary>
    public PlatformJudgement? JudgePlatform()
    {
        var info = FindTcbInfo(isTdx: false);
        CheckSigner(info, identity: null);
        if (info is null || PlatformOf(info) is not { } pck || new PlatformLevel(info, pck).Of(module: null, _failures) is not { } level)
        {
            return null;
        }

        Refuse(level.Status);
        return new PlatformJudgement(
            level.Status, level.Date, [.. level.Advisories.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)], info.Document.EvaluationNumber);
    }

    private PlatformJudgement? Judge(TcbInfo info, QeIdentity identity, PckExtension pck, SgxReport quotingEnclave, TdxModuleVersion? module)
    {
        var enclave = identity.LevelOf(quotingEnclave);
        if (enclave is null)
        {
            Unsupported("qe-level", "a level that the quoting enclave reaches", $"isvsvn {quotingEnclave.IsvSvn.ToString(CultureInfo.InvariantCulture)}");
        }

        var platform = new PlatformLevel(info, pck).Of(module, _failures);
        if (platform is not { } found || enclave is null)
        {
            return null;
        }

        var status = found.Status.With(enclave.Status);
        Refuse(status);
        return new PlatformJudgement(
            status,
            found.Date < enclave.Date ? found.Date : enclave.Date,
            [.. found.Advisories.Concat(enclave.Advisories).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Math.Min(info.Document.EvaluationNumber, identity.Document.EvaluationNumber));
    }

    private void Refuse(TcbStatus status)
    {
        if (status == TcbStatus.Revoked)
        {
            _failures.Add(new FailedCheck(RefusalCode.Revoked, "tcb-revoked", "a TCB that Intel has not revoked", "Revoked"));
        }
    }

    /// <summary>Returns what the PCK certificate says where the TCB info is about its platform; null otherwise, and without that certificate.</summary>
    private PckExtension? PlatformOf(TcbInfo info)
    {
        if (material.Pck?.Extension is not { } pck || (info.Fmspc == pck.Fmspc && info.PceId == pck.PceId))
        {
            return material.Pck?.Extension;
        }

        Fail("tcb-info-platform", $"fmspc {Hex.Of(pck.Fmspc.Span)}, pceid {Hex.Of(pck.PceId.Span)}", $"{Hex.Of(info.Fmspc.Span)}, {Hex.Of(info.PceId.Span)}");
        return null;
    }

    /// <summary>Prefers the one for this platform, so that collateral of several platforms may be presented together.</summary>
    private TcbInfo? FindTcbInfo(bool isTdx)
    {
        var wanted = isTdx ? TcbInfo.TdxId : TcbInfo.SgxId;
        var candidates = material.TcbInfos.Where(info => info.Document.Id == wanted).ToList();
        var found = candidates.Find(info => info.Fmspc == material.Pck?.Extension?.Fmspc) ?? candidates.FirstOrDefault();
        if (found is null)
        {
            Missing(TcbInfoName, $"TCB info of version 3 with the id {wanted}", material.TcbInfos.Select(info => info.Document.Id));
        }

        return found;
    }

    private QeIdentity? FindIdentity(bool isTdx)
    {
        var wanted = isTdx ? QeIdentity.TdxId : QeIdentity.SgxId;
        var found = material.QeIdentities.FirstOrDefault(identity => identity.Document.Id == wanted);
        if (found is null)
        {
            Missing(IdentityName, $"an enclave identity of version 2 with the id {wanted}", material.QeIdentities.Select(identity => identity.Document.Id));
        }

        return found;
    }

    private void CheckSigner(TcbInfo? info, QeIdentity? identity)
    {
        if (info is null && identity is null)
        {
            return;
        }

        // Not every key below Intel's root may sign collateral: the one that does is known by its name.
        var signers = material.Certificates.Where(certificate => certificate.SubjectValue(PckCertificate.CommonName) == SignerName).ToList();
        var signer = signers.Find(candidate => info?.Document.IsSignedBy(candidate.Key) ?? false) ?? signers.FirstOrDefault();
        if (signer is null)
        {
            Missing("tcb-signer", $"a certificate of {SignerName}", []);
        }
        else if (CertificateChain.Build(signer, material.Certificates, anchors, at, ChainRules.Strict).TryGet(out var chain, out var failures))
        {
            _failures.AddRange(RevocationCheck.Failures(chain, material.RevocationLists, at, _ => true));
            ValidUntil = RevocationCheck.ValidUntil(chain, material.RevocationLists);
        }
        else
        {
            _failures.AddRange(failures.Select(failure => failure with { Check = $"tcb-signer-{failure.Check}" }));
        }

        _failures.AddRange(info?.Document.Failures(TcbInfoName, signer, at) ?? []);
        _failures.AddRange(identity?.Document.Failures(IdentityName, signer, at) ?? []);
        ValidUntil = Earliest.Of([ValidUntil, .. new[] { info?.Document, identity?.Document }.OfType<SignedCollateral>().Select(one => (Timestamp?)Earliest.At(one.NextUpdate))]);
    }

    private void Missing(string check, string wanted, IEnumerable<string> got) => _failures.Add(new FailedCheck(
        RefusalCode.EndorsementMissing, check, wanted, Printable.Text(string.Join(", ", got))));

    private void Unsupported(string check, string wanted, string got) =>
        _failures.Add(new FailedCheck(RefusalCode.EvidenceNotAccepted, check, wanted, got));

    private void Fail(string check, string wanted, string got) => _failures.Add(new FailedCheck(RefusalCode.EvidenceInvalid, check, wanted, got));
}

using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.AzureUvm;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Protocol;
using Org.BouncyCastle.Asn1.X509;

namespace CleanRoom.Attestation.AmdSevSnp;

/// <summary>The certificates, lists and Azure's statement that came with a report, one by one, in a table or in files of Azure. Trust: attacker-controlled.</summary>
internal sealed class SnpEndorsements
{
    private SnpEndorsements(ImmutableArray<Certificate> certificates, ImmutableArray<RevocationList> lists, CheckResult<UvmEndorsement>? uvm) =>
        (Certificates, RevocationLists, Uvm) = (certificates, lists, uvm);

    public ImmutableArray<Certificate> Certificates { get; }

    public ImmutableArray<RevocationList> RevocationLists { get; }

    /// <summary>Gets Azure's statement about the measurement, or why it could not be read; null when none came.</summary>
    public CheckResult<UvmEndorsement>? Uvm { get; }

    /// <summary>Sorts; what is nothing of this is left out, since it can prove nothing here.</summary>
    public static SnpEndorsements Of(IReadOnlyList<Bytes> endorsements)
    {
        var single = EndorsementSet.Of(endorsements);
        var others = single.Others.Select(ThimAnswer.Decoded).ToList();
        var inFiles = EndorsementSet.Of([.. others.SelectMany(other => SnpCertificateTable.Contents(other) ?? ThimAnswer.Certificates(other))]);
        var statements = others.Where(other => UvmEndorsement.Recognises(other.Span)).Distinct().ToList();
        return new SnpEndorsements([.. single.Certificates, .. inFiles.Certificates], [.. single.RevocationLists, .. inFiles.RevocationLists], Statement(statements));
    }

    /// <summary>Returns the first certificate of a kind of signing key; null when there is none.</summary>
    public Certificate? Vek(SnpSigningKey kind)
    {
        var name = kind == SnpSigningKey.Vlek ? "SEV-VLEK" : "SEV-VCEK";
        return Certificates.FirstOrDefault(certificate => certificate.SubjectValue(X509Name.CN.Id) == name);
    }
    /// <summary>One is a statement; of several none would be the one whose issuer and version a contract judges.</summary>
    private static CheckResult<UvmEndorsement>? Statement(List<Bytes> statements) => statements switch
    {
        [] => null,
        [var only] => UvmEndorsement.Parse(only.Span),
        _ => FailedCheck.Invalid("uvm-format", "one statement about the utility VM", $"{statements.Count}"),
    };
}

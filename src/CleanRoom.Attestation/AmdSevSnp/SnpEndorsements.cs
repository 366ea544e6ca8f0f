using System.Collections.Immutable;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Protocol;
using Org.BouncyCastle.Asn1.X509;

namespace CleanRoom.Attestation.AmdSevSnp;

/// <summary>The certificates and lists that came with a report, one by one or in a table. Trust: attacker-controlled.</summary>
internal sealed class SnpEndorsements
{
    private SnpEndorsements(ImmutableArray<Certificate> certificates, ImmutableArray<RevocationList> lists) =>
        (Certificates, RevocationLists) = (certificates, lists);

    public ImmutableArray<Certificate> Certificates { get; }

    public ImmutableArray<RevocationList> RevocationLists { get; }

    /// <summary>Sorts; what is neither certificate, list nor table is left out, since it can prove nothing here.</summary>
    public static SnpEndorsements Of(IReadOnlyList<Bytes> endorsements)
    {
        var single = EndorsementSet.Of(endorsements);
        var inTables = EndorsementSet.Of([.. single.Others.SelectMany(other => SnpCertificateTable.Contents(other) ?? [])]);
        return new SnpEndorsements([.. single.Certificates, .. inTables.Certificates], [.. single.RevocationLists, .. inTables.RevocationLists]);
    }

    /// <summary>Returns the first certificate of a kind of signing key; null when there is none.</summary>
    public Certificate? Vek(SnpSigningKey kind)
    {
        var name = kind == SnpSigningKey.Vlek ? "SEV-VLEK" : "SEV-VCEK";
        return Certificates.FirstOrDefault(certificate => certificate.SubjectValue(X509Name.CN.Id) == name);
    }
}

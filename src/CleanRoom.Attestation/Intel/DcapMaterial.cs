using System.Collections.Immutable;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Intel;

/// <summary>The certificates of a quote and the endorsements beside it, sorted. Trust: attacker-controlled, every one of them.</summary>
internal sealed class DcapMaterial
{
    private DcapMaterial(
        EndorsementSet set, ImmutableArray<Certificate> certificates, PckCertificate? pck, ImmutableArray<TcbInfo> infos, ImmutableArray<QeIdentity> identities) =>
        (RevocationLists, Certificates, Pck, TcbInfos, QeIdentities, Others) = (set.RevocationLists, certificates, pck, infos, identities, set.Others);

    /// <summary>Gets the certificates, those of the quote first.</summary>
    public ImmutableArray<Certificate> Certificates { get; }

    /// <summary>Gets the revocation lists.</summary>
    public ImmutableArray<RevocationList> RevocationLists { get; }

    /// <summary>Gets the first certificate with Intel's extension; null when there is none.</summary>
    public PckCertificate? Pck { get; }

    /// <summary>Gets the TCB infos that could be read.</summary>
    public ImmutableArray<TcbInfo> TcbInfos { get; }

    /// <summary>Gets the identities of quoting enclaves that could be read.</summary>
    public ImmutableArray<QeIdentity> QeIdentities { get; }

    /// <summary>Gets what is neither certificate nor list, collateral among it.</summary>
    public ImmutableArray<Bytes> Others { get; }

    /// <summary>Sorts. What cannot be read is as good as not there.</summary>
    public static DcapMaterial Of(IEnumerable<Bytes> inEvidence, IReadOnlyList<Bytes> endorsements)
    {
        var set = EndorsementSet.Of([.. endorsements.SelectMany(endorsement => CollateralBundle.Parts(endorsement))]);
        ImmutableArray<Certificate> certificates =
            [.. inEvidence.Select(der => Certificate.Parse(der.Span)).OfType<Certificate>().Concat(set.Certificates).Take(EndorsementSet.MaxEach)];
        return new DcapMaterial(
            set,
            certificates,
            certificates.Select(PckCertificate.Of).FirstOrDefault(found => found is not null),
            [.. set.Others.Select(other => TcbInfo.Parse(other.Memory)).OfType<TcbInfo>()],
            [.. set.Others.Select(other => QeIdentity.Parse(other.Memory)).OfType<QeIdentity>()]);
    }
}

using System.Collections.Immutable;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Certificates;

/// <summary>The endorsements that came with evidence, sorted by what they are. Trust: attacker-controlled, every one of them.</summary>
internal sealed class EndorsementSet
{
    /// <summary>Most certificates, and most revocation lists, that are looked at: each may cost a verification of a signature.</summary>
    public const int MaxEach = 64;

    private EndorsementSet(ImmutableArray<Certificate> certificates, ImmutableArray<RevocationList> lists, ImmutableArray<Bytes> others) =>
        (Certificates, RevocationLists, Others) = (certificates, lists, others);

    /// <summary>Gets the certificates, DER or PEM, in the order in which they came.</summary>
    public ImmutableArray<Certificate> Certificates { get; }

    /// <summary>Gets the revocation lists, DER or PEM.</summary>
    public ImmutableArray<RevocationList> RevocationLists { get; }

    /// <summary>Gets what is neither: JSON collateral, certificate tables, tokens.</summary>
    public ImmutableArray<Bytes> Others { get; }

    /// <summary>Sorts.</summary>
    public static EndorsementSet Of(IReadOnlyList<Bytes> endorsements)
    {
        var certificates = ImmutableArray.CreateBuilder<Certificate>();
        var lists = ImmutableArray.CreateBuilder<RevocationList>();
        var others = ImmutableArray.CreateBuilder<Bytes>();
        foreach (var endorsement in endorsements)
        {
            var pem = Pem.Read(endorsement.Span, Pem.CertificateLabel);
            var pemLists = Pem.Read(endorsement.Span, Pem.RevocationListLabel);
            if (!pem.IsEmpty || !pemLists.IsEmpty)
            {
                certificates.AddRange(pem.Select(block => Certificate.Parse(block.Span)).OfType<Certificate>());
                lists.AddRange(pemLists.Select(block => RevocationList.Parse(block.Span)).OfType<RevocationList>());
            }
            else if (Certificate.Parse(endorsement.Span) is { } certificate)
            {
                certificates.Add(certificate);
            }
            else if (RevocationList.Parse(endorsement.Span) is { } list)
            {
                lists.Add(list);
            }
            else
            {
                others.Add(endorsement);
            }
        }

        return new EndorsementSet([.. certificates.Take(MaxEach)], [.. lists.Take(MaxEach)], others.ToImmutable());
    }
}

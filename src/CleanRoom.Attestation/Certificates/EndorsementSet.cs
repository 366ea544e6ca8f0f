using System.Collections.Immutable;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Certificates;

/// <summary>The endorsements that came with evidence, sorted by what they are. Trust: attacker-controlled, every one of them.</summary>
internal sealed class EndorsementSet
{
    /// <summary>Most certificates, and most revocation lists, that are read: each may cost the check of a key, and the verification of a signature.</summary>
    public const int MaxEach = 64;

    private EndorsementSet(ImmutableArray<Certificate> certificates, ImmutableArray<RevocationList> lists, ImmutableArray<Bytes> others) =>
        (Certificates, RevocationLists, Others) = (certificates, lists, others);

    /// <summary>Gets the certificates, DER or PEM, in the order in which they came.</summary>
    public ImmutableArray<Certificate> Certificates { get; }

    /// <summary>Gets the revocation lists, DER or PEM.</summary>
    public ImmutableArray<RevocationList> RevocationLists { get; }

    /// <summary>Gets what is neither: JSON collateral, certificate tables, tokens.</summary>
    public ImmutableArray<Bytes> Others { get; }

    /// <summary>Sorts. What comes after <see cref="MaxEach"/> of a kind were read is not read any more: a block of PEM is left out, any other counts as neither.</summary>
    public static EndorsementSet Of(IReadOnlyList<Bytes> endorsements)
    {
        var certificates = new Reader<Certificate>(der => Certificate.Parse(der.Span));
        var lists = new Reader<RevocationList>(der => RevocationList.Parse(der.Span));
        var others = ImmutableArray.CreateBuilder<Bytes>();
        foreach (var endorsement in endorsements)
        {
            var pem = Pem.Read(endorsement.Span, Pem.CertificateLabel);
            var pemLists = Pem.Read(endorsement.Span, Pem.RevocationListLabel);
            if (!pem.IsEmpty || !pemLists.IsEmpty)
            {
                certificates.ReadAll(pem);
                lists.ReadAll(pemLists);
            }
            else if (!certificates.Read(endorsement) && !lists.Read(endorsement))
            {
                others.Add(endorsement);
            }
        }

        return new EndorsementSet(certificates.Found, lists.Found, others.ToImmutable());
    }

    /// <summary>Reads so many DER structures and no more: each may cost the check of a key.</summary>
    private sealed class Reader<T>(Func<Bytes, T?> parse)
        where T : class
    {
        private const byte Sequence = 0x30;
        private readonly ImmutableArray<T>.Builder _found = ImmutableArray.CreateBuilder<T>();
        private int _left = MaxEach;

        public ImmutableArray<T> Found => _found.ToImmutable();

        public void ReadAll(ImmutableArray<Bytes> blocks)
        {
            foreach (var block in blocks)
            {
                _ = Read(block);
            }
        }

        /// <summary>Returns false for what is no such structure, and for everything once the cap is reached.</summary>
        public bool Read(Bytes der)
        {
            if (_left == 0 || der.Span is not [Sequence, ..])
            {
                return false;
            }

            _left--;
            if (parse(der) is not { } found)
            {
                return false;
            }

            _found.Add(found);
            return true;
        }
    }
}

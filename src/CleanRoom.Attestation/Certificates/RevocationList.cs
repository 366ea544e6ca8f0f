using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Formats;
using CleanRoom.Protocol;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;

namespace CleanRoom.Attestation.Certificates;

/// <summary>A certificate revocation list whose form is right. Spec: RFC 5280 s.5.1.</summary>
internal sealed class RevocationList
{
    private readonly CertificateList _list;
    private readonly HashSet<Bytes> _serials;

    private RevocationList(CertificateList list, HashSet<Bytes> serials) => (_list, _serials) = (list, serials);

    /// <summary>Gets the issuer.</summary>
    public X509Name Issuer => _list.Issuer;

    /// <summary>Gets the last moment at which the list is current, UTC; null when it names none, and so is never current.</summary>
    public DateTime? NextUpdate => _list.NextUpdate?.ToDateTime();

    /// <summary>Reads DER. Trust: attacker-controlled; the caller capped the length. Null for an indirect or delta list and unknown critical extensions.</summary>
    public static RevocationList? Parse(ReadOnlySpan<byte> der)
    {
        var bytes = der.ToArray();
        return Asn1Guard.Read(() =>
        {
            var list = CertificateList.GetInstance(Asn1Object.FromByteArray(bytes));

            // These throw for a wrong form when they are read, which must not be later than here.
            _ = (list.GetSignatureOctets(), list.ThisUpdate.ToDateTime(), list.NextUpdate?.ToDateTime());
            var critical = list.TbsCertList.Extensions?.GetCriticalExtensionOids() ?? [];
            return critical.Length > 0
                ? null
                : new RevocationList(list, [.. list.GetRevokedCertificates().Select(entry => new Bytes(entry.UserCertificate.Value.ToByteArray()))]);
        });
    }

    /// <summary>Returns what is wrong with the list as of a moment; empty when it may be believed.</summary>
    /// <param name="issuer">A certificate of the chain that is already trusted, or the anchor.</param>
    public IEnumerable<FailedCheck> Failures(Certificate issuer, Timestamp at)
    {
        if (!_list.SignatureAlgorithm.Equals(_list.TbsCertList.Signature)
            || !AlgorithmCheck.Verify(issuer.Key, _list.SignatureAlgorithm, _list.TbsCertList.GetDerEncoded(), _list.GetSignatureOctets()))
        {
            yield return new FailedCheck(RefusalCode.EvidenceInvalid, "crl-signature", $"one by {issuer}", "another");
        }

        var now = at.Value.UtcDateTime;
        if (NextUpdate is not { } next || now < _list.ThisUpdate.ToDateTime() || now > next)
        {
            yield return new FailedCheck(
                RefusalCode.EndorsementMissing,
                "crl-validity",
                $"a list of {Printable.Text(Issuer.ToString())} that is current at {at}",
                $"one from {_list.ThisUpdate.ToDateTime():O} to {NextUpdate:O}");
        }
    }

    /// <summary>Returns whether the certificate is listed.</summary>
    public bool Revokes(Certificate certificate) => _serials.Contains(certificate.Serial);
}

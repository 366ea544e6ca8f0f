using System.Collections.Immutable;
using System.Reflection;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Certificates;

/// <summary>A root that is pinned in this program, or by a test's own PKI. Never made from what somebody presented.</summary>
public sealed class TrustAnchor
{
    private const string CommonNameOid = "2.5.4.3";
    private const string OrganisationOid = "2.5.4.10";

    private TrustAnchor(string name, Certificate certificate) => (Name, Certificate) = (name, certificate);

    /// <summary>Gets the maker in words, such as <c>Advanced Micro Devices (ARK-Milan)</c>.</summary>
    public string Name { get; }

    /// <summary>Gets SHA-256 of the SubjectPublicKeyInfo.</summary>
    public Digest SpkiDigest => Certificate.SpkiDigest;

    internal Certificate Certificate { get; }

    /// <summary>Takes a root that the caller trusts for reasons of its own.</summary>
    /// <param name="der">A self-issued certificate.</param>
    /// <exception cref="ArgumentException">It is not one, or is not signed by its own key.</exception>
    public static TrustAnchor Trusted(string name, ReadOnlySpan<byte> der) =>
        Certificate.Parse(der) is { } certificate && certificate.IsSignedBy(certificate.Key)
            ? new TrustAnchor(name, certificate)
            : throw new ArgumentException("wanted a self-signed certificate", nameof(der));

    /// <summary>Reads roots that are part of this program: <c>Roots/&lt;file&gt;.pem</c>.</summary>
    /// <remarks>They are trusted because their bytes are part of the program. A signature by their own key would add nothing: PinnedRootTests check it.</remarks>
    internal static ImmutableArray<TrustAnchor> Pinned(params ReadOnlySpan<string> files)
    {
        var anchors = ImmutableArray.CreateBuilder<TrustAnchor>(files.Length);
        foreach (var file in files)
        {
            using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Roots.{file}.pem")
                ?? throw new InvalidOperationException($"wanted the pinned root {file}; got none");
            using var memory = new MemoryStream();
            stream.CopyTo(memory);
            var der = Pem.Read(memory.ToArray(), Pem.CertificateLabel).Single();
            var root = Certificate.Parse(der.Span) ?? throw new InvalidOperationException($"wanted a certificate as the pinned root {file}; got what is none");
            anchors.Add(new TrustAnchor(root.SubjectValue(OrganisationOid) is { } maker ? $"{maker} ({root.SubjectValue(CommonNameOid) ?? file})" : file, root));
        }

        return anchors.MoveToImmutable();
    }
}

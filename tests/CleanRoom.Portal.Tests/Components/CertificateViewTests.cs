using Bunit;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Portal.Features.Rooms;
using CleanRoom.Protocol;
using MudBlazor.Services;

namespace CleanRoom.Portal.Tests.Components;

/// <summary>Certificates on the room's page: each in words, with what held and what did not.</summary>
public sealed class CertificateViewTests : BunitContext
{
    private static readonly Timestamp _from = Timestamp.From(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public CertificateViewTests()
    {
        Services.AddMudServices();
        JSInterop.Mode = JSRuntimeMode.Loose;
    }

    [Fact]
    public void Each_certificate_says_who_issued_it_and_every_check_says_how_it_came_out()
    {
        var leaf = Certificate(0, pinned: null, new CertificateCheck("issuer-signature", CheckOutcome.Passed, []), new CertificateCheck("revocation", CheckOutcome.NotMade, []));
        var root = Certificate(1, "A maker (root)", new CertificateCheck(
            "chain-validity", CheckOutcome.Failed, [new FailedCheck(RefusalCode.EvidenceInvalid, "chain-validity", "a certificate that is valid", "one of last year")]));

        var view = Render<CertificateView>(parameters => parameters.Add(one => one.Certificates, [leaf, root]));

        view.FindAll("[data-place]").Select(one => one.QuerySelector("h4")!.TextContent).Should().Equal("The key itself", "Root, pinned in this program: A maker (root)");
        view.Find("[data-place='0']").TextContent.Should().Contain("CN=subject 0").And.Contain("CN=issuer 0").And.Contain("ecdsa 384 bits");
        view.Find("[data-place='0'] [data-check='issuer-signature']").TextContent.Should().Contain("holds.");
        view.Find("[data-place='0'] [data-check='revocation']").TextContent.Should().Contain("not checked");
        view.Find("[data-place='1'] [data-check='chain-validity']").TextContent.Should().Contain("does NOT hold.").And.Contain("Wanted a certificate that is valid; got one of last year.");
    }

    private static CertificateFinding Certificate(int place, string? pinned, params CertificateCheck[] checks) => new()
    {
        Chain = "the key of the report",
        Place = place,
        Pinned = pinned,
        Subject = $"CN=subject {place}",
        Issuer = $"CN=issuer {place}",
        NotBefore = _from,
        NotAfter = _from.Plus(TimeSpan.FromDays(365)),
        Key = "ecdsa 384 bits",
        KeyDigest = Digest.Of("key"u8),
        Fingerprint = Digest.Of("certificate"u8),
        Checks = [.. checks],
    };
}

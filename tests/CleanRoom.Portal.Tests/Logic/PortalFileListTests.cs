using System.Text;
using CleanRoom.Portal.Features.Served;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Portal;

namespace CleanRoom.Portal.Tests.Logic;

/// <summary>The list of the portal's files and the digest over it: contracts/spec/0017 s.2.</summary>
public sealed class PortalFileListTests
{
    /// <summary>The worked vector of the page.</summary>
    private const string VectorList =
        "_framework/B.wasm\n"
        + "cd5d4935a48c0672cb06407bb443bc0087aff947c6b864bac886982c73b3027f\n"
        + "css/a.css\n"
        + "bb4263d9ed62ec8064343107746123e98499b5e2ba5beab54aff959fcc77e372\n"
        + "index.html\n"
        + "335fca8574f060eea24ebcdae6b78f32414f5de03da1084fd0e73d710768e3a9\n";

    private const string VectorDigest = "c3a45c364e9b5915108de608067b39a5cb64a8dd1168e0b0e836bcfffcb1c3fa";

    private static readonly PortalFileList _list = PortalFileList.Of(
    [
        new("index.html", Digest.Of("<!doctype html>\n"u8)),
        new("css/a.css", Digest.Of("a{}\n"u8)),
        new("_framework/B.wasm", Digest.Of("\0asm"u8)),
    ]);

    [Fact]
    public void List_and_digest_are_those_of_the_worked_vector()
    {
        Encoding.ASCII.GetString(_list.Encoded.Span).Should().Be(VectorList);
        _list.Digest.ToString().Should().Be(VectorDigest);
    }

    [Fact]
    public void List_is_read_back_and_no_other_text_is()
    {
        PortalFileList.Parse(_list.Encoded.Span).Value.Digest.Should().Be(_list.Digest);
        foreach (var other in (string[])[string.Empty, "\n", VectorList[..^1], VectorList + "\n", VectorList.ToUpperInvariant(), "../a\n" + VectorList[^65..], VectorList + VectorList, Swapped()])
        {
            PortalFileList.Parse(Encoding.ASCII.GetBytes(other)).Refusals.Should().ContainSingle("{0} is none", other).Which.Code.Should().Be(RefusalCode.DocumentInvalid);
        }
    }

    [Theory]
    [InlineData("a.js", true)]
    [InlineData("_content/Mud-Blazor/a.min.css", true)]
    [InlineData("../a.js", false)]
    [InlineData("/a.js", false)]
    [InlineData("a//b.js", false)]
    [InlineData("a b.js", false)]
    [InlineData("ä.js", false)]
    [InlineData("", false)]
    public void Paths_are_plain(string path, bool isOne) => PortalFileList.IsPath(path).Should().Be(isOne);

    [Fact]
    public void What_did_not_come_and_what_came_as_another_is_named()
    {
        string[] came = [.. _list.Files.Values.Select(digest => digest.ToString())];
        ServedFiles.Compare(_list, came).Value.Should().Be(new ServedFiles(_list.Digest, 3));

        came[0] = string.Empty;
        came[2] = came[1];
        ServedFiles.Compare(_list, came).Refusals.Should().ContainSingle().Which.Got.Should().Be("2 that did not come or came as others: _framework/B.wasm, index.html");
        ServedFiles.Compare(_list, came[..2]).IsAccepted.Should().BeFalse("a file is missing");
    }

    private static string Swapped()
    {
        var lines = VectorList.Split('\n');
        return string.Join('\n', [.. lines[2..4], .. lines[..2], .. lines[4..]]);
    }
}

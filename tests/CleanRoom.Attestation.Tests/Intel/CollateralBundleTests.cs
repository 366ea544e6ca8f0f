using System.Collections.Immutable;
using System.Text;
using CleanRoom.Attestation.Intel;
using CleanRoom.Attestation.IntelSgx;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tests.Intel;

/// <summary>Collateral in one file of the Open Enclave SDK.</summary>
public sealed class CollateralBundleTests
{
    private static readonly byte[] s_text = Encoding.ASCII.GetBytes("{\"tcbInfo\":1}");
    private static readonly byte[] s_list = [0x30, 3, 2, 1, 0];

    [Fact]
    public void Bundle_endorses_as_its_parts_do()
    {
        var parts = new MadePlatform().Endorsements().Select(part => part.ToArray()).ToArray();

        Checks(OpenEnclave([.. parts.Select(part => (byte[])[.. part, 0])])).Should().BeEmpty();
        Checks(OpenEnclave([.. parts[1..]])).Should().Equal("tcb-info");
        Checks(Copied(4, 0, [parts[2], parts[3], Encoding.ASCII.GetBytes(Convert.ToHexString(parts[4]) + "\0"), [], [.. parts[0], 0], [], parts[1]])).Should().BeEmpty();
        Checks(Copied(4, 0, [parts[2], parts[3], parts[4], [], parts[0], [], [.. parts[1], 1]])).Should().Equal("qe-identity");
    }

    [Fact]
    public void Parts_are_as_their_maker_sent_them()
    {
        CollateralBundle.Parts(new Bytes(OpenEnclave([.. s_text, 0], s_list, [.. s_list, 0], [])))
            .Should().Equal(new Bytes(s_text), new Bytes(s_list), new Bytes(s_list), new Bytes([]));
        CollateralBundle.Parts(new Bytes(Copied(0x0001_0003, 0x81, [s_text, s_list, Encoding.ASCII.GetBytes("3003020100"), [0], [1], [], [0x30, 2, 5]])))
            .Should().Equal(new Bytes(s_text), new Bytes(s_list), new Bytes(s_list), new Bytes([]), new Bytes([1]), new Bytes([]), new Bytes([0x30, 2, 5]));
    }

    [Fact]
    public void Other_files_are_themselves()
    {
        var bundle = OpenEnclave(s_text, s_list);
        var copied = Copied(4, 0x81, [s_text, s_list, [], [], [], [], []]);
        foreach (var file in (byte[][])
        [
            [], s_text, s_list, bundle[..^1], [.. bundle, 0], Changed(bundle, 0, 2), Changed(bundle, 4, 3), Changed(bundle, 12, 0), Changed(bundle, 12, 17), Changed(bundle, 16, 1),
            Changed(bundle, 20, 255), copied[..^1], [.. copied, 0], Changed(copied, 0, 5), Changed(copied, 4, 0x80), Changed(copied, 23, 0xFF), bundle[..20],
        ])
        {
            CollateralBundle.Parts(new Bytes(file)).Should().Equal(new Bytes(file));
        }

        CollateralBundle.Parts(new Bytes(Changed(OpenEnclave(s_text, s_list, s_list), 20, 250))).Should().ContainSingle("offsets go forward only");
    }

    private static IEnumerable<string> Checks(byte[] bundle) =>
        MadeIntel.Judge(new IntelSgxVerifier(MadePlatform.Anchors), new Bytes(new MadeQuote().ToBytes()), [new Bytes(bundle)]).Checks();

    private static byte[] Changed(byte[] file, int offset, byte value)
    {
        var changed = (byte[])file.Clone();
        changed[offset] = value;
        return changed;
    }

    private static byte[] OpenEnclave(params ImmutableArray<byte[]> parts)
    {
        var offsets = parts.Select((_, i) => parts.Take(i).Sum(part => part.Length));
        byte[] rest = [.. offsets.SelectMany(BitConverter.GetBytes), .. parts.SelectMany(part => part)];
        return [1, 0, 0, 0, 2, 0, 0, 0, .. BitConverter.GetBytes(rest.Length), .. BitConverter.GetBytes(parts.Length), .. rest];
    }

    private static byte[] Copied(int version, int tee, ImmutableArray<byte[]> parts) =>
    [
        .. BitConverter.GetBytes(version), .. BitConverter.GetBytes(tee),
        .. parts.SelectMany(part => (byte[])[.. BitConverter.GetBytes(0x7FFF_1234_5678L), .. BitConverter.GetBytes((long)part.Length)]),
        .. parts.SelectMany(part => part),
    ];
}

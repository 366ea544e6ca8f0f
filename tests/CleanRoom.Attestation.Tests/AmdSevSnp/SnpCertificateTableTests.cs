using System.Buffers.Binary;
using CleanRoom.Attestation.AmdSevSnp;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tests.AmdSevSnp;

/// <summary>The host's table of certificates as one endorsement.</summary>
public sealed class SnpCertificateTableTests
{
    private const string Vcek = "63da758d-e664-4564-adc5-f4b93be8accd";
    private const string Ask = "4ab7b379-bbac-4fe4-a02f-05aef327c782";
    private const string Ark = "c0b406a4-a803-4952-9743-3fb6014cd0ae";
    private const string Crl = "92f81bc3-5811-4d3d-97ff-d19f88dc67ea";
    private const int EntryBytes = 24;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Table_in_either_order_of_the_identifiers_endorses(bool bigEndian)
    {
        var table = Table(bigEndian, (Ark, TestSnp.Ark.Der), (Vcek, TestSnp.Vek()), (Ask, TestSnp.Ask.Der), (Crl, TestSnp.Ark.RevocationList([])));

        var result = TestSnp.Judge(TestSnp.Report(), table);

        result.Failures.Should().BeEmpty();
        result.Words.Should().BeEmpty("the list was in the table");
        TestSnp.Failed(TestSnp.Report(), [.. table, .. new byte[100]]).Should().BeEmpty("hosts fill the page");
    }

    [Fact]
    public void Label_does_not_make_a_certificate_another()
    {
        TestSnp.Failed(TestSnp.Report(), Table(true, (Vcek, TestSnp.Ask.Der), (Ask, TestSnp.Vek()))).Should().BeEmpty();
        TestSnp.Failed(TestSnp.Report(), Table(true, (Vcek, TestSnp.Ask.Der))).Should().Equal("vek");
    }

    [Fact]
    public void Garbled_table_gives_nothing()
    {
        var table = Table(true, (Vcek, [1, 2]), (Ask, [3]));

        SnpCertificateTable.Contents(new Bytes(table))!.Value.Should().Equal(new Bytes([1, 2]), new Bytes([3]));
        Contents(table, (0, 16, 3 * EntryBytes - 1)).Should().BeFalse("it would lie in the entries");
        Contents(table, (0, 16, int.MaxValue)).Should().BeFalse();
        Contents(table, (0, 16, -1)).Should().BeFalse();
        Contents(table, (0, 20, 4)).Should().BeFalse("it goes beyond the end");
        Contents(table, (0, 20, -1)).Should().BeFalse();
        Contents(table, (0, 20, 0)).Should().BeFalse("it is empty");
        Contents(table, (0, 20, 3)).Should().BeFalse("the two lie over one another");
        SnpCertificateTable.Contents(new Bytes(table.AsSpan(0, 2 * EntryBytes))).Should().BeNull("nothing ends it");
        SnpCertificateTable.Contents(default).Should().BeNull();
        SnpCertificateTable.Contents(new Bytes(new byte[4_096])).Should().BeNull("it is empty");
    }

    [Fact]
    public void Number_of_entries_is_limited()
    {
        SnpCertificateTable.Contents(new Bytes(Table(true, [.. Enumerable.Repeat((Vcek, new byte[] { 1 }), 32)]))).Should().NotBeNull();
        SnpCertificateTable.Contents(new Bytes(Table(true, [.. Enumerable.Repeat((Vcek, new byte[] { 1 }), 33)]))).Should().BeNull();
    }

    private static bool Contents(byte[] table, (int Entry, int Offset, int Value) change)
    {
        var changed = (byte[])table.Clone();
        BinaryPrimitives.WriteInt32LittleEndian(changed.AsSpan((change.Entry * EntryBytes) + change.Offset), change.Value);
        return SnpCertificateTable.Contents(new Bytes(changed)) is not null;
    }

    private static byte[] Table(bool bigEndian, params (string Id, byte[] Content)[] entries)
    {
        var end = (entries.Length + 1) * EntryBytes;
        var table = new byte[end + entries.Sum(entry => entry.Content.Length)];
        for (var i = 0; i < entries.Length; i++)
        {
            var entry = table.AsSpan(i * EntryBytes);
            new Guid(entries[i].Id).TryWriteBytes(entry, bigEndian, out _);
            BinaryPrimitives.WriteInt32LittleEndian(entry[16..], end);
            BinaryPrimitives.WriteInt32LittleEndian(entry[20..], entries[i].Content.Length);
            entries[i].Content.CopyTo(table, end);
            end += entries[i].Content.Length;
        }

        return table;
    }
}

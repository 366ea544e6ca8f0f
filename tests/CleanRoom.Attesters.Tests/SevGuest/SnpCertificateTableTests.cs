using System.Buffers.Binary;
using CleanRoom.Attesters.SevGuest;
using CleanRoom.Protocol;

namespace CleanRoom.Attesters.Tests.SevGuest;

public class SnpCertificateTableTests
{
    private const string Vcek = "63da758d-e664-4564-adc5-f4b93be8accd";
    private const string Ask = "4ab7b379-bbac-4fe4-a02f-05aef327c782";
    private const string Ark = "c0b406a4-a803-4952-9743-3fb6014cd0ae";
    private const string Crl = "92f81bc3-5811-4d3d-97ff-d19f88dc67ea";
    private const string Other = "00112233-4455-6677-8899-aabbccddeeff";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Chain_and_list_are_in_order_whatever_the_table_s_order_and_others_are_left_out(bool bigEndian) =>
        SnpCertificateTable.Endorsements(CertificateTables.Of(bigEndian, (Crl, [6]), (Ark, [1]), (Other, [2]), (Vcek, [3, 4]), (Ask, [5])))
            .Should().Equal(new Bytes([3, 4]), new Bytes([5]), new Bytes([1]), new Bytes([6]));

    [Fact]
    public void Empty_tables_have_none()
    {
        SnpCertificateTable.Endorsements([]).Should().BeEmpty();
        SnpCertificateTable.Endorsements(new byte[4_096]).Should().BeEmpty();
    }

    [Theory]
    [InlineData(16, 4_096u)]
    [InlineData(16, uint.MaxValue)]
    [InlineData(20, 4_096u)]
    [InlineData(20, uint.MaxValue)]
    [InlineData(20, 0u)]
    public void Place_outside_of_the_table_gives_none(int field, uint value)
    {
        var table = CertificateTables.Of((Vcek, [3, 4]), (Ask, [5]));
        BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(field), value);

        SnpCertificateTable.Endorsements(table).Should().BeEmpty();
    }

    [Fact]
    public void Same_certificate_twice_gives_none() =>
        SnpCertificateTable.Endorsements(CertificateTables.Of((Vcek, [3]), (Vcek, [4]))).Should().BeEmpty();
}

using System.Reflection;
using CleanRoom.Cryptography.Bcl;

namespace CleanRoom.Cryptography.Tests;

public sealed class SecretBytesTests
{
    [Fact]
    public void Dispose_held_memory_is_zeroed()
    {
        var secret = SecretBytes.CopyOf([1, 2, 3]);
        var held = secret.Memory;

        secret.Dispose();

        held.ToArray().Should().Equal(0, 0, 0);
    }

    [Fact]
    public void Span_after_dispose_throws()
    {
        var secret = SecretBytes.CopyOf([1]);
        secret.Dispose();

        var read = () => secret.Span.Length;

        read.Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public void Dispose_twice_is_harmless()
    {
        var secret = SecretBytes.CopyOf([1]);
        secret.Dispose();

        var again = secret.Dispose;

        again.Should().NotThrow();
    }

    [Fact]
    public void Take_source_is_zeroed()
    {
        byte[] source = [7, 8];

        using var secret = SecretBytes.Take(source);

        secret.Span.ToArray().Should().Equal(7, 8);
        source.Should().Equal(0, 0);
    }

    [Fact]
    public void CopyOf_source_stays_and_is_not_shared()
    {
        byte[] source = [7, 8];

        using var secret = SecretBytes.CopyOf(source);
        source[0] = 9;

        secret.Span.ToArray().Should().Equal(7, 8);
    }

    [Fact]
    public void Random_twice_differs()
    {
        using var first = SecretBytes.Random(32);
        using var second = SecretBytes.Random(32);

        first.FixedTimeEquals(second.Span).Should().BeFalse();
    }

    [Fact]
    public void ToString_says_nothing()
    {
        using var secret = SecretBytes.CopyOf("hunter2"u8);

        secret.ToString().Should().Be("[redacted]");
    }

    [Fact]
    public void Every_type_that_holds_a_secret_redacts_itself_and_is_disposable()
    {
        Assembly[] assemblies = [typeof(SecretBytes).Assembly, typeof(BclCryptoBackend).Assembly];
        var holders = assemblies.SelectMany(assembly => assembly.GetTypes())
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.Name[0] != '<' && HoldsSecret(type))
            .ToArray();

        holders.Length.Should().BeGreaterThan(15);
        holders.Where(type => !type.IsSealed
                || !typeof(IDisposable).IsAssignableFrom(type)
                || type.GetMethod(nameof(ToString), Type.EmptyTypes)!.DeclaringType != type)
            .Should().BeEmpty();
    }

    private static bool HoldsSecret(Type type) => type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)
        .Any(field => field.FieldType == typeof(SecretBytes)
            || typeof(System.Security.Cryptography.ECAlgorithm).IsAssignableFrom(field.FieldType)
            || field.FieldType == typeof(System.Security.Cryptography.AesGcm)
            || (field.FieldType.Assembly == typeof(SecretBytes).Assembly
                && field.FieldType.IsClass && field.FieldType != type && HoldsSecret(field.FieldType)));
}

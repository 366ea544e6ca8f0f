using System.Reflection;
using CleanRoom.Grains.Hosting;
using CleanRoom.Grains.Messages;
using CleanRoom.Protocol;
using CleanRoom.Storage;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;
using Orleans.Serialization.TypeSystem;

namespace CleanRoom.Node.Tests.Cluster;

/// <summary>What grains say to each other can leave the process: within one it is copied, and nobody would notice.</summary>
public sealed class GrainMessageTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer(serializer => serializer.AddAssembly(typeof(ISiloGrain).Assembly)).BuildServiceProvider();

    [Fact]
    public void Every_argument_and_answer_has_a_form_on_the_wire()
    {
        var codecs = _services.GetRequiredService<ICodecProvider>();
        var names = _services.GetRequiredService<TypeConverter>();
        var types = typeof(ISiloGrain).Assembly.GetTypes();
        var calls = types.Where(type => type.IsInterface && type.IsAssignableTo(typeof(IAddressable))).SelectMany(type => type.GetMethods())
            .SelectMany(method => (IEnumerable<Type>)[method.ReturnType, .. method.GetParameters().Select(parameter => parameter.ParameterType)])
            .Select(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>) ? type.GetGenericArguments()[0] : type)
            .Where(type => type != typeof(Task) && type != typeof(CancellationToken));
        var members = types.Where(type => type.GetCustomAttribute<GenerateSerializerAttribute>() is not null && !type.IsGenericType)
            .SelectMany(type => type.GetProperties().Select(property => property.PropertyType));

        var all = calls.Concat(members).Distinct().ToList();

        all.Should().HaveCountGreaterThan(40);
        all.Where(type => codecs.TryGetCodec(type) is null).Should().BeEmpty();
        all.Where(type => !names.TryParse(names.Format(type), out var read) || read != type).Should().BeEmpty();
    }

    [Fact]
    public void Refusal_arrives_as_it_was() =>
        Sent(new GrainRefusal(RefusalCode.Stale, "a", "b")).Should().Be(new GrainRefusal(RefusalCode.Stale, "a", "b"));

    [Fact]
    public void Failure_of_a_store_arrives_with_its_kind()
    {
        var sent = Sent<Exception>(new StorageException(StorageFailure.Locked, "wanted a; got b", new IOException("secret")));

        sent.Should().BeOfType<StorageException>().Which.Should().BeEquivalentTo(new { Failure = StorageFailure.Locked, Code = RefusalCode.StorageFailed, Message = "wanted a; got b" });
        sent.InnerException.Should().BeNull();
    }

    [Fact]
    public void Refusal_of_a_client_arrives_with_its_code() =>
        Sent<Exception>(new SilosOnlyException("x")).Should().BeOfType<SilosOnlyException>().Which.Code.Should().Be(RefusalCode.NotPermitted);

    public void Dispose() => _services.Dispose();

    private T Sent<T>(T value)
        where T : notnull
    {
        var serializer = _services.GetRequiredService<Serializer>();
        return serializer.Deserialize<T>(serializer.SerializeToArray(value))!;
    }
}

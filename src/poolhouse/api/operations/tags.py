"""Tags of user pools, by ARN."""

from poolhouse.pool.call import Call
from poolhouse.pool.settings import tags
from poolhouse.wire import shapes


async def tag_resource(call: Call, request: shapes.TagResourceRequest) -> shapes.TagResourceResponse:
    await tags.change(call, request.ResourceArn, request.Tags)
    return shapes.TagResourceResponse()


async def untag_resource(call: Call, request: shapes.UntagResourceRequest) -> shapes.UntagResourceResponse:
    await tags.change(call, request.ResourceArn, {}, request.TagKeys)
    return shapes.UntagResourceResponse()


async def list_tags_for_resource(
    call: Call, request: shapes.ListTagsForResourceRequest
) -> shapes.ListTagsForResourceResponse:
    found = await tags.for_resource(call, request.ResourceArn)
    return shapes.ListTagsForResourceResponse(Tags=dict(found))

import {Composer} from "@mail/core/common/composer";
import {patch} from "@web/core/utils/patch";
import {session} from "@web/session";

/**
 * A mail from the chatter of a contact with several open enquiries goes on in the large
 * composer, which asks for the enquiry it answers.
 */
patch(Composer.prototype, {
    async sendMessage() {
        const {composer, type} = this.props;
        const thread = composer.thread;
        const isMail =
            session.estate_alerts &&
            thread?.model === "res.partner" &&
            type !== "note" &&
            !composer.message;
        if (isMail) {
            const isAsked = await this.env.services.orm.call(
                "res.partner",
                "needs_associated_lead",
                [[thread.id]]
            );
            if (isAsked) {
                return this.onClickFullComposer();
            }
        }
        return super.sendMessage(...arguments);
    },
});
